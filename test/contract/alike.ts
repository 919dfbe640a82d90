/**
 * What differs between two runs of the same command, put to one word: ids, times, addresses and the like. What is
 * left must be equal.
 */
export const alike = (text: string): string =>
  PATTERNS.reduce((done, [pattern, word]) => done.replace(pattern, word), text)

/**
 * A build's id as Dokku makes it: the milliseconds since 1970 to base 36, then six random characters. Eight digits
 * begin with a letter from k (2019) to z (2059).
 */
export const BUILD_ID = /\b[k-z][0-9a-z]{13}\b/g

/** Seconds since 1970, from 2017 to 2065; smaller numbers of ten digits are sizes in bytes. */
const SECONDS = /\b(?:1[5-9]|2\d)\d{8}\b/g

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // The recorded apps were pushed to a branch that HEAD doesn't stand for; those of the stage came by archive.
  [/(Git sha: +|"(?:git-)?sha":")(?:HEAD|[0-9a-f]{40})/g, '$1<sha>'],
  // Eleven or twelve digits are a short id without a letter: no time is written with as many.
  [/\b(?:(?=[0-9a-f]*[a-f])[0-9a-f]{9,64}|\d{11,12})\b/g, '<id>'],
  [BUILD_ID, '<build>'],
  [/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b/g, '<time>'],
  [SECONDS, '<seconds>'],
  [/\b[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} GMT\b/g, '<date>'],
  [/"pid":\d+/g, '"pid":<pid>'],
  [/"(build-pid|build-id)":"[^"]*"/g, '"$1":"<build>"'],
  [/(PID: +|Build pid: +)\d+/g, '$1<pid>'],
  [/"duration":"[^"]+"/g, '"duration":"<duration>"'],
  [/(Duration: +)\S+/g, '$1<duration>'],
  [/(task \()[0-9a-f]{9}\)/g, '$1<id>)'],
  [/upcoming-\d+/g, 'upcoming-<n>'],
  [/\b172\.17\.0\.\d+/g, '<ip>'],
  [/\/tmp\/dokku-\d+-([\w-]+)\.\w+/g, '/tmp/dokku-<pid>-$1'],
]

/** A deploy's lines: git's own words taken off, Docker's steps in one order, what runs at once in one order. */
export function deployAlike(lines: readonly string[]): string[] {
  const plain = lines.map((line) => line.replace(/^remote: /, '').replace(/ {8}$/, ''))
  return sortRuns(plain.filter(told).map(oneStep).map(alike))
}

/** Between its own words Dokku lets the builder speak, and each of Docker's builders and versions has words of its own. */
export function withoutBuilder(lines: readonly string[]): string[] {
  let building = false
  return lines.filter((line) => {
    if (/^(----->|=====>| ! {4}) /.test(line)) building = false
    const dropped = building
    if (/^-----> Building \S+ from Dockerfile$/.test(line)) building = true
    return !dropped
  })
}

/** Whether Docker had a layer in its cache, and its blank lines, are chance; so are its exact sizes and seconds. */
const told = (line: string): boolean =>
  line !== '' && line !== 'remote:' && !/^#\d+ (CACHED|DONE [\d.]+s|\d+\.\d+ .*)$/.test(line)

const oneStep = (line: string): string =>
  line
    .replace(/^#\d+ \[(\d+)\/(\d+)\]/, '#n [k/$2]')
    .replace(/^#\d+ /, '#n ')
    .replace(/^ > \[\d+\/(\d+)\]/, ' > [k/$1]')
    .replace(/(transferring (?:dockerfile|context): )[\d.]+k?B/, '$1<size>')
    .replace(/exporting layers .*done/, 'exporting layers done')
    .replace(/^(\d+\/\d+\/\d+ \d+:\d+:\d+ \[emerg\]) \d+#\d+/, '<time> [emerg] <pid>')
    .replace(/Tags: .*/, '')

const AT_ONCE = /^(#n \[|#n transferring| {7}Running healthcheck| {7}Healthcheck succeeded)/

/** Lines of things that ran side by side came in any order. */
function sortRuns(lines: readonly string[]): string[] {
  const sorted: string[] = []
  let run: string[] = []
  for (const line of [...lines, '']) {
    if (AT_ONCE.test(line)) run.push(line)
    else {
      sorted.push(...run.sort(), line)
      run = []
    }
  }
  return sorted.slice(0, -1)
}
