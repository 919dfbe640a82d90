/** What a failed deploy usually means. Plain rules over the log's own words: nothing leaves the server. */
import type { Failure } from './failure.ts'
import type { Said } from './signs.ts'

interface Rule {
  readonly when: RegExp
  readonly hint: string
  /** Only for failures of these steps; everywhere without. */
  readonly steps?: readonly Failure['step'][]
}

/** Most telling first. No `.*`: what may begin at each word of a line and goes to its end takes the square of its length. */
const RULES: readonly Rule[] = [
  {
    when: /no space left on device/i,
    hint: 'The disk of the server is full. `dokku cleanup` removes unused images and containers.',
  },
  {
    when: /exit code: 137\b|non-zero code: 137\b|\bOOMKilled\b|heap out of memory|out of memory|Cannot allocate memory/i,
    hint: 'It ran out of memory and was killed. Give the server swap, or raise the limit with `dokku resource:limit`.',
  },
  {
    when: /has no branch, tag or commit named/,
    hint: 'Name a branch, a tag or a commit that the repository has, or set the branch that is taken by default with `dokku git:set APP deploy-branch BRANCH`.',
  },
  {
    when: /^Dokku has no commit on |cannot be the deploy branch/,
    hint: 'Push to the branch Dokku deploys, or change it with `dokku git:set APP deploy-branch BRANCH`.',
  },
  {
    when: /task could not start.*the image has no /,
    hint: 'Dokku runs tasks in a shell, /bin/bash by default, also where the app needs none. Install it in the image (on Alpine: `RUN apk add --no-cache bash`), or name one that is there: `dokku scheduler:set APP shell /bin/sh`.',
  },
  {
    when: /Missing \w+, install it/,
    hint: 'The server lacks the program of this builder. Its administrator installs it, or the app takes another builder: `dokku builder:set APP selected herokuish`.',
  },
  {
    when: /Cannot parse app\.json/,
    hint: 'app.json is read before anything is built. Check its syntax: a missing quote, brace or comma.',
  },
  {
    when: /dockerfile parse error|unknown instruction:/i,
    hint: 'The Dockerfile has a line Docker does not understand; it is named in the message.',
  },
  {
    when: /nginx\.conf\.sigil/,
    hint: 'Dokku tests the app’s own template before it builds: nothing on the server was changed. Correct the template, or use Dokku’s own: `dokku nginx:set APP disable-custom-config true`.',
  },
  {
    when: /\bENOTCACHED\b|only-if-cached/,
    hint: 'npm was told to work offline and the package is not in its cache. Build without --offline, or with the cache it needs.',
  },
  {
    when: /\bETARGET\b|No matching version found|\bE404\b|404 Not Found - GET .{0,300}registry/,
    hint: 'The package registry has no such package or version. Check the name and version that is asked for.',
  },
  {
    when: /npm ci.{0,200}can only install|package-lock\.json.{0,200}(?:in sync|not found)|ERR_PNPM_OUTDATED_LOCKFILE|frozen-lockfile/i,
    hint: 'The lock file does not fit package.json. Install once on your machine and commit the lock file.',
  },
  {
    when: /no such host|Temporary failure in name resolution|\bEAI_AGAIN\b|Could not resolve host|\bENOTFOUND\b/,
    hint: 'A name could not be resolved: the server (or the build) has no network, or its DNS does not know that host.',
    steps: ['received', 'build', 'predeploy', 'release'],
  },
  {
    when: /\bETIMEDOUT\b|\bECONNRESET\b|i\/o timeout|TLS handshake timeout|connection refused|Connection timed out/i,
    hint: 'A host the build needs did not answer. Try again, or check the way from the server to it.',
    steps: ['received', 'build'],
  },
  {
    when: /Unable to select a buildpack|No buildpack|could not detect|Nixpacks was unable to generate/i,
    hint: 'No builder recognised the code. Add a Dockerfile, or the file its language is known by (package.json, requirements.txt, …) at the root.',
  },
  {
    when: /pull access denied|manifest unknown|repository does not exist/i,
    hint: 'The image does not exist or needs a login: check its name and tag, or `dokku registry:login`.',
  },
  {
    when: /Cannot find module|ERR_MODULE_NOT_FOUND|ModuleNotFoundError|No module named|cannot load such file/,
    hint: 'A module is missing in the image: it is not in the dependencies, or only in the development ones.',
  },
  {
    when: /executable file not found|command not found|exec format error|: not found$/i,
    hint: 'A program that is started does not exist in the image, or was built for another processor.',
    steps: ['build', 'predeploy', 'release', 'crash at start'],
  },
  {
    when: /Duplicate mount point/,
    hint: 'Two storage mounts point at the same folder of the container: see `dokku storage:list`.',
  },
  {
    when: /port is already allocated|address already in use|EADDRINUSE/i,
    hint: 'The port is taken by another process. Let the app listen on $PORT and leave the mapping to Dokku.',
  },
  {
    when: /no "ssl_certificate" is defined/,
    hint: 'Two apps use one port, one with a certificate and one without; the file named belongs to the one to change. Until then nginx takes no change of any app, so every deploy fails here: see `dokku ports:report`.',
  },
  {
    when: /duplicate listen options|conflicting server name|duplicate default server|a duplicate/i,
    hint: 'Two nginx configurations claim the same port or domain; the file named says whose. Until that is changed nginx takes no change of any app, so every deploy fails here.',
  },
  {
    when: /\[emerg\]|test failed$/,
    hint: 'nginx tests the files of all apps at once: until the one named is corrected it takes no change of any app, so every deploy fails here. `dokku nginx:validate-config` tests again.',
    steps: ['proxy'],
  },
  {
    when: /ended right after its start|was started again/,
    hint: 'The process ended before the checks were done. Its last lines are in the container output below; `dokku logs:failed APP` has them too.',
  },
  {
    when: /unexpected status code: 5\d\d/,
    hint: 'The app runs but answers its check with an error: a missing config variable or a database it cannot reach.',
  },
  {
    when: /unexpected status code: (?:404|30\d|401|403)/,
    hint: 'The app runs but does not answer at the path that is checked. See `path` of the check in app.json.',
  },
  {
    when: /unable to find expected content/,
    hint: 'The app answers, but without the text its check looks for. See `content` of the check in app.json.',
    steps: ['checks'],
  },
  {
    when: /Failure in name='port listening check'|not listening|connection refused|connect: /i,
    hint: 'Nothing listens on the port that Dokku expects. Listen on 0.0.0.0 and $PORT, or name the port with `dokku ports:set`.',
    steps: ['checks'],
  },
  {
    when: /context deadline exceeded|timeout/i,
    hint: 'The app did not answer in time. If it needs longer to start, raise `initialDelay`, `timeout` or `attempts` of the check in app.json.',
    steps: ['checks'],
  },
  {
    when: /task failed:/,
    hint: 'The command of the task ended with an error; its output stands above. What ran before went on running.',
    steps: ['predeploy', 'release'],
  },
  {
    when: /after the app was live/,
    hint: 'The new code was live by then; what came after (a postdeploy task or a plugin) did not end well.',
    steps: [null],
  },
]

/** How many of the last lines may speak, beside the ones the failure names, and how much of each. */
const LISTENED_TO = 60
const READ_OF_A_LINE = 2000

export function hintFor(failure: Failure, recent: readonly Said[], builder: string): string {
  const named = new Set(failure.lines)
  const said = [
    failure.reason,
    ...recent.filter(({ line }) => named.has(line)).map(({ text }) => text),
    ...recent.slice(-LISTENED_TO).map(({ text }) => text),
  ]
    .map((text) => text.slice(0, READ_OF_A_LINE))
    .join('\n')
  const rule = RULES.find(
    ({ when, steps }) => (steps === undefined || steps.includes(failure.step)) && multiline(when).test(said),
  )
  const hint = rule?.hint ?? ''
  if (failure.step !== 'build' || builder !== 'herokuish') return hint
  return `${hint} Dokku took the buildpack builder: if the app has a Dockerfile, it was not found.`.trimStart()
}

const multiline = (pattern: RegExp): RegExp => new RegExp(pattern.source, `${pattern.flags}m`)
