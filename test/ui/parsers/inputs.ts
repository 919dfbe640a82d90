/** Text that costs a careless pattern or loop the square of its length, made to any length. */

const repeated =
  (unit: string) =>
  (length: number): string =>
    unit.repeat(Math.ceil(length / unit.length)).slice(0, length)

const after =
  (start: string, unit: string, end = '') =>
  (length: number): string =>
    `${start}${repeated(unit)(length)}${end}`

export const INPUTS: Readonly<Record<string, (length: number) => string>> = {
  'carriage returns': repeated('\r'),
  'carriage returns before a letter': after('', '\r', 'x'),
  'empty lines': repeated('\n'),
  'empty lines of Windows': repeated('\r\n'),
  blanks: repeated(' '),
  'blanks before a letter': after('', ' ', 'x'),
  'one long word': repeated('a'),
  'one long word and a sign': after('', 'a', '!'),
  digits: repeated('1'),
  escapes: repeated('\x1b'),
  'control sequences begun': repeated('\x1b['),
  'a control sequence that never ends': after('\x1b[', '1;'),
  'a colour of a million parts': after('\x1b[', '1;', 'm'),
  colours: repeated('\x1b[31m'),
  'links begun': repeated('\x1b]8;;'),
  'a link that never ends': after('\x1b]8;;', 'a'),
  backspaces: repeated('a\b'),
  'nested braces': repeated('{'),
  'nested brackets': repeated('['),
  'nested JSON': repeated('{"a":'),
  quotes: repeated('"'),
  'single quotes': repeated("'"),
  backslashes: repeated('\\'),
  'escaped quotes': repeated('\\"'),
  'equal signs': repeated('='),
  'keys and values': repeated('A=1\n'),
  'a value of comments': after('A=', ' #'),
  commas: repeated(','),
  labels: repeated('a=b,'),
  semicolons: repeated(';'),
  NUL: repeated('\0'),
  'no UTF-8': (length) => Buffer.alloc(length, 0xff).toString('utf8'),
  'halves of characters': repeated('\ud800'),
  'byte order marks': repeated('\ufeff'),
  dashes: repeated('-'),
  'labels of a domain': repeated('a.'),
  'dots and dashes': repeated('a-.'),
  'a path of folders': repeated('/a'),
  'slashes before a letter': after('', '/', 'x'),
  'patterns of a domain': repeated('.*'),
  colons: repeated(':'),
  'addresses begun': repeated('https://'),
  'an address without an end': after('https://', 'a'),
  'addresses with a password': repeated('a://b:c'),
  markup: repeated('<span style="'),
  'PEM begun': repeated('-----BEGIN CERTIFICATE-----\n'),
  'headlines of Dokku': repeated('-----> Building shop from Dockerfile\n'),
  'warnings of Dokku': repeated(' !     '),
  'steps of BuildKit': repeated('#1 [1/2] RUN a\n'),
  'a step of BuildKit without an end': after('#1 [', 'a '),
  'words of npm': repeated('npm ci '),
  'words of a registry': repeated('404 Not Found - GET '),
  'words of a lock file': repeated('package-lock.json '),
  'words of nginx': repeated('[emerg] '),
  'words of letsencrypt': repeated('Invalid response from '),
  'refusals by letsencrypt': repeated('429 '),
  'signs of a shell': repeated('$('),
}
