/** All known causes, and which of them a line names. Pure, linear in the length of the line. */
import type { FailedStep } from '../deployment.ts'
import { BUILDERS } from './builders.ts'
import type { Cause } from './cause.ts'
import { CODE } from './code.ts'
import { DEPLOY } from './deploy.ts'
import { GIT } from './git.ts'
import { IMAGES } from './images.ts'
import { CONNECTIONS, HOSTS } from './network.ts'
import { PACKAGES } from './packages.ts'
import { RESOURCES } from './resources.ts'
import { RUNTIME } from './runtime.ts'
import { SYSTEM } from './system.ts'
import { VERSIONS } from './versions.ts'

/** The first that matches is the cause: what is specific stands before what is general. */
export const CAUSES: readonly Cause[] = [
  ...RESOURCES,
  ...VERSIONS,
  ...BUILDERS,
  ...IMAGES,
  ...RUNTIME,
  ...SYSTEM,
  ...HOSTS,
  ...PACKAGES,
  ...CODE,
  ...GIT,
  ...CONNECTIONS,
  ...DEPLOY,
]

/** Every line that names a cause has one of these, in any letter case; most lines of a build have none. */
const WORDS = [
  "err|fail|fatal|not |n't|no |lock|miss|denied|kill|memory|exce|unable|unknown|inval|undef|requir",
  'unsupported|refus|time|conflict|yn0|nu1|unauthor|forbidden|many|x509|sig|port|duplic|p[13]0|cannot',
  'peer|found|could|expect|violat|over its|migration|mismatch|later|secret|status|netsdk|code|version',
  'old|must|need|install|tls|cert|too |block|limit|heap|alloc|resource|gave http|neither|_key|sasl',
  'wrongpass|reserved|system|sqlstate|pg::|multiple head|42[ps0]|in use|read-only|mysqlclient|eai_',
  'misbehaving|php_network|cached|offline|401|bad user|has a bug|disabled|resolutionimp|diverged',
  'vendoring|updating go|readonly|changed|frozen|out of date|undeclared|identification|submodule|access',
  'hang up|curl|disallowed|connect|live|exited|unset|getaddrinfo|servname|already|gateway|unavailable',
  'environment|exec user|schedule|listening|ended|asked|enoent|msb100|econn|enospc|emfile|eaddr|eacces|erofs|eintegrity',
  'etarget|e404|eresolve|excluded|variable|incompat|elixir|nxdomain|unchecked|early eof|emerg|4270',
]
const SIGNS = '\\*\\* \\(|\\^m|\\\\r|\\/\\S{1,80}:\\d|\\.go:\\d|^e: |^-- \\[e|\\.kts?\\b'
const CANDIDATE = new RegExp([...WORDS, SIGNS].join('|'), 'i')

/** Whether the line may name a cause. A filter that costs little: the rules cost ten times as much. */
export const isCandidate = (bare: string): boolean => CANDIDATE.test(bare)

/** Prefixes of BuildKit, git, the lifecycle and Dokku, removed one after another. */
const MARKS: readonly RegExp[] = [
  /^#\d+ (?:\d+\.\d+ ?)?/,
  /^\s+/,
  /^\d+\.\d{1,3} (?=\S)/,
  /^remote: /,
  /^\[(?:analyzer|builder|creator|detector|exporter|extender|lifecycle|restorer)\] /,
  /^(?:[-=]+> | ! +)/,
  /^[\s!>│|║✖✘×➤⨯]+/,
]

/** A line without the prefixes of what passed it on: `#8 1.911 npm error …` is `npm error …`. */
export function unprefixed(text: string): string {
  let bare = text
  for (const mark of MARKS) bare = bare.replace(mark, '')
  return bare.trim()
}

/** All patterns as one, so that a line that names no cause is not held against each of them: most of a build's do not. */
function namesAny(bare: string): boolean {
  any ??= ['', 'i'].map((flags) => {
    const patterns = CAUSES.flatMap(({ when }) => when).filter((words) => words.flags === flags)
    return new RegExp([...new Set(patterns.map(({ source }) => `(?:${source})`))].join('|'), flags)
  })
  return any.some((words) => words.test(bare))
}
/** Made when the first log is read: it takes longer than all else that a start does here. */
let any: readonly RegExp[] | undefined

/** The cause a line names; undefined where it names none. With a step, only causes that apply to it count. */
export function causeOf(bare: string, step?: FailedStep | null): Cause | undefined {
  if (!isCandidate(bare) || isHarmless(bare) || !namesAny(bare)) return undefined
  return CAUSES.find(
    ({ when, steps }) =>
      (step === undefined || steps === undefined || steps.includes(step)) &&
      when.some((words) => words.test(bare)),
  )
}

/** Lines that are never a reason: warnings, notices, advice and progress. */
const HARMLESS: readonly RegExp[] = [
  /^(?:npm|pnpm|yarn) (?:warn|notice|info|verb|http)\b/i,
  /^\[?(?:warning|warn|notice|info|debug|hint|deprecat\w*)\b/i,
  /^(?:ERROR|WARN|INFO) +deprecated: /,
  /^(?:\(node:\d+\)|\[DEP\d+\]|\w*DeprecationWarning\b|\S+ DEPRECATED\b|WARN\d* )/,
  /^(?:debconf|update-alternatives|dpkg-preconfigure|perl): /,
  /^- [A-Z]\w+: .*\(line \d+\)$/,
  /^➤? ?YN0(?:000|002|007|013|019|060|061|062|066|068|076|086)\b/,
  /^\S+: warning:|: warning [A-Z]+\d+:|^w: /,
  /^(?:\d+ warnings? (?:found|generated)|\d+ packages? (?:are|is) looking for funding|run `npm (?:fund|audit)|found \d+ vulnerabilit)/i,
  /^Picked up (?:JAVA_TOOL_OPTIONS|_JAVA_OPTIONS)\b/,
  /^(?:Compiling|Collecting|Downloading|Downloaded|Installing|Fetching|Get:\d+|Hit:\d+|Unpacking|Setting up|Preparing|Selecting|Using|Requirement already satisfied|Executing|transferring|extracting|copying|writing|naming|exporting)\b(?!.{0,300}\b(?:error|failed|failure|denied|no space|not found|fatal)\b)/i,
  /^(?:\++ |CACHED$|DONE \d|sha256:|⚠)/,
  /^(?:Previous )?image with name .* not found$/i,
]

export const isHarmless = (bare: string): boolean => HARMLESS.some((words) => words.test(bare))
