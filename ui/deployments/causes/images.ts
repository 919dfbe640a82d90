/** Docker and BuildKit: base images, registries, the Dockerfile and its context. */
import type { Cause } from './cause.ts'

const FROM_STAGE =
  'COPY --from names a file that the earlier stage did not make: check the path, and that the step before writes to it.'
const FROM_CONTEXT =
  'A file that is named is not in the code Dokku builds: not committed, left out by .dockerignore, or below another folder (`dokku builder:set APP build-dir FOLDER`).'

export const IMAGES: readonly Cause[] = [
  {
    kind: 'registry rate limit',
    when: [/\btoomanyrequests\b|\bpull rate limit\b/i, /\/v2\/.{1,400}: 429 Too Many Requests\b/],
    hint: 'The registry lets no more pulls through for now. Log in (`dokku registry:login docker.io USER`), or wait some hours.',
  },
  {
    kind: 'registry certificate',
    when: [/\/v2\/.{0,400}x509: /, /\/v2\/.{0,400}\bserver gave HTTP response to HTTPS client\b/],
    hint: 'Docker on this server does not trust the registry’s certificate: put its CA into `/etc/docker/certs.d/HOST/ca.crt`. A registry without TLS goes under `insecure-registries` in /etc/docker/daemon.json.',
  },
  {
    kind: 'platform',
    when: [/\bno match(?:ing manifest)? for (?:linux|platform)\b/],
    hint: 'The image does not exist for this server’s processor: choose one that does, or build it for this platform.',
  },
  {
    kind: 'platform',
    when: [/\bexec format error\b/i],
    hint: 'The program was built for another processor than this server has. Build the image, or the binary in it, for this platform.',
  },
  {
    kind: 'login at the registry',
    when: [
      /\bno basic auth credentials\b|\bunauthorized: (?:authentication required|access to)\b/i,
      /\bfailed to (?:authorize|fetch (?:anonymous|oauth) token)\b/,
      /\bdenied: requested access to the resource\b|\bdenied: (?:permission_denied|denied)\b/i,
      /\/v2\/.{1,400}: (?:401 Unauthorized|403 Forbidden|unauthorized|denied)\b/,
    ],
    hint: 'The registry wants a login: `dokku registry:login HOST USER`. Check that this user may read the image.',
  },
  {
    kind: 'image',
    when: [
      /\bmanifest unknown\b|\bmanifest for \S{1,300} not found\b/i,
      /^(?:ERROR: )?(?:[\w-]+\.)*[\w-]+(?::\d+)?(?:\/[\w.-]+)+:[\w.-]+: not found$/,
      /\bfailed to resolve source metadata for \S{1,300} \S{1,300}: not found$/,
      /\b(?:pull access denied|repository does not exist or may require)\b/,
      /\bfailed to fetch (?:builder|run) image\b|\bimage \S{1,300} does not exist\b/i,
    ],
    hint: 'The registry has no such image or tag, or it is private: check its name and tag, or log in with `dokku registry:login HOST USER`.',
  },
  {
    kind: 'image name',
    when: [
      /\binvalid reference format\b/,
      /\bfailed to parse stage name\b/,
      /\bbase name \(.{1,200}\) should not be blank\b/,
    ],
    hint: 'The name of an image is not valid, often since a build argument in it is empty: set a default in the Dockerfile (`ARG NAME=value` before FROM), or pass it with `dokku docker-options:add APP build "--build-arg NAME=value"`.',
  },
  {
    kind: 'build secret',
    when: [/\bsecret "?[\w./-]{1,100}"?:? not found\b/],
    hint: 'The Dockerfile mounts a secret that the build was not given: `dokku docker-options:add APP build "--secret id=NAME,src=FILE"`.',
  },
  {
    kind: 'file not in the context',
    when: [
      /\bfailed to calculate checksum of ref\b.{0,300}\bnot found\b/,
      /\bfailed to compute cache key\b.{0,300}\bnot found\b/,
      /^(?:ERROR: )?"\/[^"]{1,300}": not found$/,
      /\bfile not found in build context\b|\bexcluded by \.dockerignore\b/,
      /^(?:ERROR: )?(?:COPY|ADD) failed: /,
    ],
    hint: ({ reason, line }) => (/\bCOPY --from=/.test(`${reason} ${line}`) ? FROM_STAGE : FROM_CONTEXT),
  },
  {
    kind: 'Dockerfile',
    when: [
      /\bfailed to read dockerfile\b|\bCannot locate specified Dockerfile\b/i,
      /\bopen \S{0,200}Dockerfile\S{0,50}: no such file or directory\b/,
    ],
    hint: 'There is no Dockerfile at that place: set it with `dokku builder-dockerfile:set APP dockerfile-path PATH`.',
  },
  {
    kind: 'Dockerfile',
    when: [
      /\bdockerfile parse error\b|\bunknown instruction:/i,
      /\b[A-Z]{3,12} requires (?:at least|exactly) \w+ arguments?\b/,
      /\bno build stage in current context\b/,
      /\b(?:target stage|build target) "?[\w.-]{1,100}"? (?:could not be found|not found)\b/,
      /\bfailed to reach build target\b|\binvalid from flag value\b/,
    ],
    hint: 'The Dockerfile has a line Docker does not understand; it is named in the message.',
  },
  {
    kind: 'BuildKit needed',
    when: [/\bthe --(?:mount|chmod|link) option requires BuildKit\b/i, /\bbuildx component is missing\b/i],
    hint: 'The Dockerfile needs BuildKit, which this server lacks: its administrator installs the package docker-buildx-plugin.',
  },
  {
    kind: 'docker went away',
    when: [
      /\bfailed to receive status: rpc error\b|\berror reading from server: EOF\b/,
      /\bcannot connect to the docker daemon\b|\berror during connect\b/i,
      /\btransport is closing\b|\bclosing transport due to\b/,
    ],
    hint: 'Docker ended or restarted while it worked: updated, stopped, or killed because memory ran out. Deploy again; `journalctl -u docker` on the server says more.',
  },
  {
    kind: 'docker storage',
    when: [
      /\bparent snapshot \S{1,200} does not exist\b|\bfailed to prepare \S{0,200}snapshot\b/,
      /\blayer does not exist\b|\bunknown blob\b|\bfailed to get layer\b/,
      /\bcontent digest \S{1,200}: not found\b/,
    ],
    hint: 'Docker’s store of layers on this server is damaged or was cleaned meanwhile. Deploy again; if that does not help, `docker builder prune` empties the build cache.',
  },
]
