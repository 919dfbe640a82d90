/** Dokku's own words: its files, checks, proxy and tasks. The most general ones last. */
import { type Cause, RUNS } from './cause.ts'

export const DEPLOY: readonly Cause[] = [
  {
    kind: 'after live',
    when: [/\bUnable to update schedule file\b|\bcron entries\b.{0,60}\bnot written\b/i],
    hint: 'The app is live; its cron entries were not written. Check `cron` in app.json: the schedule, and that a command with `&&`, pipes or quotes stands in `bash -c "…"`.',
  },
  {
    kind: 'cron entries',
    when: [
      /\b(?:invalid|bad) (?:cron )?schedule\b|\bfailed to parse cron\b|\bCron entry\b.{0,100}\binvalid\b/i,
    ],
    hint: 'A schedule under `cron` in app.json is not valid: five fields, such as `0 3 * * *`. A command with `&&` or pipes stands in `bash -c "…"`.',
  },
  {
    kind: 'Dokku data folder',
    when: [
      /\/var\/lib\/dokku\/(?:data|config)\/.{0,200}\bno such file or directory\b/i,
      /\bno such file or directory\b.{0,40}\/var\/lib\/dokku\/(?:data|config)\//i,
      /\/var\/lib\/dokku\/(?:data|config)\/.{0,200}\bpermission denied\b/i,
      /\bunable to create\b.{0,100}\/var\/lib\/dokku\/(?:data|config)\b/i,
    ],
    hint: 'A folder of Dokku’s own is missing or belongs to another user, as after an upgrade that did not end: `sudo dokku plugin:install --core` makes it again.',
  },
  {
    kind: 'app.json',
    when: [/\bCannot parse app\.json\b|\bapp\.json cannot be read\b/],
    hint: 'app.json is read before anything is built. Check its syntax: a missing quote, brace or comma.',
  },
  {
    kind: 'storage mount',
    when: [/\bDuplicate mount point\b/],
    hint: 'Two storage mounts point at the same folder of the container: see `dokku storage:list APP`.',
  },
  {
    kind: 'network missing',
    when: [/\bnetwork \S{1,100} not found\b/],
    hint: 'A network the app is attached to does not exist any more: see `dokku network:report APP`, and `dokku network:create NAME`.',
  },
  {
    kind: 'own nginx template',
    when: [/\bnginx\.conf\.sigil\b/],
    hint: 'Dokku tests the app’s own template before it builds: nothing on the server was changed. Correct the template, or use Dokku’s own: `dokku nginx:set APP disable-custom-config true`.',
    weight: 'primary',
  },
  {
    kind: 'nginx',
    when: [/\bno "ssl_certificate" is defined\b/],
    hint: 'Two apps use one port, one with a certificate and one without; the file named belongs to the one to change. Until then nginx takes no change of any app, so every deploy fails here: see `dokku ports:report`.',
  },
  {
    kind: 'nginx',
    when: [
      /\bduplicate listen options\b|\bconflicting server name\b|\bduplicate default server\b|\ba duplicate\b/i,
    ],
    hint: 'Two nginx configurations claim the same port or domain; the file named says whose. Until that is changed nginx takes no change of any app, so every deploy fails here.',
    steps: ['received', 'release', 'proxy', null],
  },
  {
    kind: 'nginx',
    when: [/\[emerg\]|^nginx refused the configuration\b|\bconfiguration file \S{1,300} test failed$/],
    hint: 'nginx tests the files of all apps at once: until the one named is corrected it takes no change of any app, so every deploy fails here. `dokku nginx:validate-config` tests again.',
    steps: ['proxy'],
  },
  {
    kind: 'wrong port',
    when: [/\bwith an unexpected port: expected=/],
    hint: ({ line }) => {
      const [, expected = '5000', actual = '3000'] = /expected=(\d+) actual=(\d+)/.exec(line) ?? []
      return `The app listens on ${actual}, and Dokku expects ${expected}: let it listen on $PORT, or name its port: \`dokku ports:set APP http:80:${actual}\`.`
    },
    steps: ['checks'],
  },
  {
    kind: 'host not allowed',
    when: [
      /\bBlocked hosts?: |\bInvalid HTTP_HOST header\b|\bDisallowedHost\b|\bBlocked request\. This host\b/,
    ],
    hint: 'The app refuses the host name of the check, which is the address of its container. Let it take that (`config.hosts` in Rails, ALLOWED_HOSTS in Django), or send a name it takes with `httpHeaders` of the check in app.json.',
    steps: ['checks'],
  },
  {
    kind: 'answers with an error',
    when: [/\bunexpected status code: 5\d\d\b/],
    hint: 'The app runs but answers its check with an error: a missing config variable or a database it cannot reach.',
  },
  {
    kind: 'wrong path',
    when: [/\bunexpected status code: (?:404|30\d|401|403|400)\b/],
    hint: ({ line }) =>
      / (?:30\d|400)\b/.test(line)
        ? 'The app runs but does not accept the check as it is sent (a redirect to https, or a host it does not know). See `path`, `httpHeaders` and the allowed hosts of the app.'
        : 'The app runs but does not answer at the path that is checked. See `path` of the check in app.json.',
  },
  {
    kind: 'wrong content',
    when: [/\bunable to find expected content\b/],
    hint: 'The app answers, but without the text its check looks for. See `content` of the check in app.json.',
    steps: ['checks'],
  },
  {
    kind: 'wrong interface',
    when: [/\bunexpected interface\b|\blistening on (?:localhost|127\.0\.0\.1|unexpected)\b/i],
    hint: 'The app listens only inside its own container: let it listen on 0.0.0.0 instead of localhost.',
    steps: ['checks'],
  },
  {
    kind: 'nothing listens',
    when: [/\bFailure in name='port listening check'|\bnot listening\b|\bconnection refused\b|\bconnect: /i],
    hint: 'Nothing listens on the port that Dokku expects. Listen on 0.0.0.0 and $PORT, or name the port with `dokku ports:set APP http:80:PORT`.',
    steps: ['checks'],
  },
  {
    kind: 'no answer in time',
    when: [/\bcontext deadline exceeded\b|\btimeout\b/i],
    hint: 'The app did not answer in time. If it needs longer to start, raise `initialDelay`, `timeout` or `attempts` of the check in app.json.',
    steps: ['checks'],
  },
  {
    kind: 'ended',
    when: [/\b(?:ended right after its start|was started again \d+ times): /],
    hint: ({ reason }) =>
      / it printed nothing$/.test(reason)
        ? 'The process ended before the checks were done, without a word. Its exit code and what it may have written since: `dokku ps:report APP` and `dokku logs:failed APP`.'
        : 'The process ended before the checks were done; its last words say why. `dokku logs:failed APP` has all of its output.',
    weight: 'summary',
  },
  {
    kind: 'task failed',
    when: [/^The \w+ task failed(?! after)|^Execution of \w+ task failed: /],
    hint: 'The command of the task ended with an error; what it printed says why. `dokku run APP COMMAND` tries it again by hand.',
    weight: 'summary',
    steps: ['predeploy', 'release'],
  },
  {
    kind: 'after live',
    when: [/\bafter the app was live\b/],
    hint: 'The new code was live by then; what came after (a postdeploy task or a plugin) did not end well.',
    weight: 'summary',
    steps: RUNS,
  },
]
