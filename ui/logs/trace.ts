/**
 * Takes the config out of what Dokku prints with DOKKU_TRACE or --trace: bash then shows each command with all its
 * words, among them every value of the app's config. Of such a line only the command stays.
 */

const PLUS = 0x2b
const ESCAPE = 0x1b
const LETTER_E = 0x65
/** What Dokku puts in front of a line to move the cursor. */
const CURSOR = String.raw`(?:\x1b\[[\d;]{0,10}[A-Za-z]){0,4}`
/** A line of bash's trace: as many + as it is deep. */
const TRACED = new RegExp(`^(${CURSOR}\\+{1,40} )([^\\s'"=]{0,80})`)
/** Commands of Dokku's own: no build of an app prints these. */
const DOKKUS =
  /^(?:dokku_\w+|plugn|config_\w+|fn-[\w-]+|cmd-[\w-]+|trigger-[\w-]+|verify_app_name|is_\w+|get_\w+)$/
/** Words in which Dokku hands an app's config on. */
const HANDS_ON = /^(?:eval|export|declare|local|readonly|env)$/
/** What Dokku's programs in Go print in front of a command. */
const EXECUTED = new RegExp(`^(${CURSOR}exec: {1,3})(\\S{0,80})`)
const HIDDEN = '***'
/** A value of several lines goes on until its quote is closed, and no further than this. */
const MOST_LINES = 400
const ANOTHER_LINE = new RegExp(`^${CURSOR}(?:\\+{1,40} |----->|=====>| ! {2}|#\\d+ |exec: )`)

/** For the lines of one log, in their order. */
export function withoutTrace(): (line: Buffer) => Buffer {
  let isTraced = false
  /** Lines that may still belong to the value the last one began. */
  let open = 0

  const shown = (text: string): string => {
    const [, mark, command = ''] = TRACED.exec(text) ?? []
    if (mark !== undefined) {
      isTraced ||= DOKKUS.test(command)
      return isTraced || HANDS_ON.test(command) ? short(text, mark, command) : text
    }
    const [, exec, program = ''] = EXECUTED.exec(text) ?? []
    return exec === undefined || !(isTraced || program.startsWith('/')) ? text : short(text, exec, program)
  }

  /** `NAME=value` is a command too, and its name may be shown. */
  const short = (text: string, mark: string, command: string): string => {
    const rest = text.slice(mark.length + command.length)
    if (rest === '') return text
    open = isOpen(rest) ? MOST_LINES : 0
    return `${mark}${command}${rest.startsWith('=') ? '=' : ' '}${HIDDEN}`
  }

  return (line) => {
    const first = line[0]
    if (open === 0 && first !== PLUS && first !== ESCAPE && first !== LETTER_E) return line
    const text = line.toString('latin1')
    if (open > 0 && !ANOTHER_LINE.test(text)) {
      open = isOpen(text) ? 0 : open - 1
      return Buffer.from(HIDDEN)
    }
    open = 0
    const masked = shown(text)
    return masked === text ? line : Buffer.from(masked, 'latin1')
  }
}

/** Whether a quote is left open at its end, as far as that can be told. */
function isOpen(text: string): boolean {
  let quotes = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === "'") quotes += 1
  }
  return quotes % 2 === 1
}
