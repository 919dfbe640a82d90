/** The server ran out of something. */
import { BUILDS, type Cause, RUNS } from './cause.ts'

const KILLED = [
  /\bline \d+: +\d+ Killed\b/,
  /^(?:\/bin\/)?(?:ba|da|a)?sh: (?:line )?\d+: +\d+ Killed\b/,
  /^Killed$/,
  /\bKilled signal terminated program\b/,
  /\bsignal: (?:9, SIGKILL|killed)\b/,
  /^npm (?:ERR!|error) signal SIGKILL\b/,
  /\bwas killed with SIGKILL\b|\bwas sent SIGKILL\b/,
  /\b(?:exit code|exit status|exited with(?: code)?|non-zero code|failed with exit code):? 137\b/i,
  /\bOOMKilled\b|\boom-kill\b/i,
  /\bcannot allocate memory\b|\bvirtual memory exhausted\b|\bout of memory\b/i,
  /\bstd::bad_alloc\b|^MemoryError\b|\bjava\.lang\.OutOfMemoryError\b|\bSystem\.OutOfMemoryException\b/,
  /\bdaemon disappeared unexpectedly\b/,
]

export const RESOURCES: readonly Cause[] = [
  {
    kind: 'file watchers',
    when: [
      /\bENOSPC: System limit for number of file watchers reached\b/,
      /\binotify watch limit reached\b/i,
    ],
    hint: 'The server allows too few file watchers: raise `fs.inotify.max_user_watches` with sysctl, or do not watch files in production.',
  },
  {
    kind: 'disk full',
    when: [
      /\bno space left on device\b|\bENOSPC\b|\bdisk quota exceeded\b/i,
      /\byou don't have enough free space\b|\bnot enough free disk space\b/i,
    ],
    hint: 'The disk of the server is full. `dokku cleanup` removes unused images and containers; `docker system df` says what takes the space.',
  },
  {
    kind: 'memory',
    when: [/\bheap out of memory\b/i, /\bReached heap limit\b|\bmark-compacts near heap limit\b/],
    hint: 'Node.js filled its own heap. Raise it with `NODE_OPTIONS=--max-old-space-size=2048` (in megabytes), and give the server that much memory or swap.',
  },
  {
    kind: 'memory',
    when: [/\bAllowed memory size of \d+ bytes exhausted\b/],
    hint: 'PHP reached its own memory_limit, not the server’s: raise it in php.ini, for Composer with `COMPOSER_MEMORY_LIMIT=-1`.',
  },
  {
    kind: 'memory',
    when: KILLED,
    hint: ({ step }) =>
      step === 'build'
        ? 'The build most likely ran out of memory and was killed. Give the server swap or more memory; if the app limits its builds, raise that: `dokku resource:limit --memory 2g --process-type build APP`.'
        : 'The process most likely ran out of memory and was killed. Raise the app’s limit (`dokku resource:limit --memory 1g APP`), or give the server swap or more memory.',
    steps: [...BUILDS, ...RUNS],
  },
  {
    kind: 'process limit',
    when: [
      /\bcan't start new thread\b|\bpthread_create failed\b|\bunable to create (?:new )?native thread\b/i,
      /\bfork: (?:retry: )?Resource temporarily unavailable\b/,
    ],
    hint: 'The limit of processes or threads is reached: of the container, of the user or of the server.',
  },
  {
    kind: 'open files',
    when: [/\btoo many open files\b|\bEMFILE\b/i],
    hint: 'Too many files are open at once. Raise the limit, for example `dokku docker-options:add APP deploy "--ulimit nofile=65536:65536"`.',
  },
]
