/** What the app meets when it runs: config, databases, migrations, ports. */
import { BUILDS, type Cause, RUNS } from './cause.ts'

const UNSET = [
  /\bMissing `?secret_key_base`?\b|\bSECRET_KEY_BASE\b.{0,60}\b(?:missing|not set|required)\b/i,
  /^(?:\w+\.)*KeyError: (?:'[A-Z][A-Z0-9_]{2,60}'$|key not found: "?[A-Z][A-Z0-9_]{2,60})/,
  /\bkey not found: "[A-Z][A-Z0-9_]{2,60}"/,
  /\benvironment variable "?`?'?[A-Z][A-Z0-9_]{2,60}"?`?'? (?:is (?:missing|not set|required|undefined)|must be|because it is not set|not (?:found|set|defined))/i,
  /\b(?:missing|unset|undefined|required) (?:required )?(?:environment|env) var(?:iable)?s?\b/i,
  /\b(?:environment|env) var(?:iable)?s? (?:not found|missing|is missing|not set)\b/i,
  /\bCannot resolve environment variable\b|\bInvalid environment variables\b/i,
  /\bThe SECRET_KEY setting must not be empty\b|\bSet the [A-Z][A-Z0-9_]{2,60} environment variable\b/,
  /\bUndefinedValueError: [A-Z]\w{1,60} not found\b|\bPrismaConfigEnvError\b/,
  /^(?:\w+: )?(?:[A-Z]+_[A-Z0-9_]{2,60}) (?:is required|is not (?:set|defined)|must be (?:set|defined|provided)|not set|missing)\b/,
  /\b(?:supabaseUrl|supabaseKey|apiKey|secretKey|clientId) is required\b/i,
  /\bNeither apiKey nor config\.authenticator provided\b|\bNo application encryption key has been specified\b/,
  /\bMasterKey\b.{0,40}\bMissing\w*Error\b|\bMissing encryption key to decrypt\b|\bRAILS_MASTER_KEY\b/,
  /\bCould not resolve placeholder '/,
]

/** The variable a line speaks of; NAME where it names none. */
const variableIn = (line: string): string =>
  /\b[A-Z][A-Z0-9]{1,40}(?:_[A-Z0-9]{1,40}){1,6}\b/.exec(line)?.[0] ??
  (/secret_key_base/i.test(line) ? 'SECRET_KEY_BASE' : 'NAME')

const DATABASE =
  /(?:(?::|port )(?:5432|3306|6379|27017|5672|9200|1433)\b|dokku-(?:postgres|mysql|mariadb|redis|mongo|rabbitmq|elasticsearch|memcached)-)/

export const RUNTIME: readonly Cause[] = [
  {
    kind: 'config at build time',
    when: UNSET,
    hint: ({ line }) =>
      `A value of the config is wanted while the image is built, and a Dockerfile sees config only as build arguments: \`dokku docker-options:add APP build "--build-arg ${variableIn(line)}"\` with an ARG of that name, or a dummy value for that step${/secret_key_base/i.test(line) ? ' (`SECRET_KEY_BASE_DUMMY=1` in Rails)' : ''}.`,
    steps: BUILDS,
  },
  {
    kind: 'config missing',
    when: UNSET,
    hint: ({ line }) =>
      `A value of the config is missing: set it with \`dokku config:set APP ${variableIn(line)}=VALUE\`.`,
    steps: RUNS,
  },
  {
    kind: 'database host',
    when: [
      /\bcould not translate host name\b|\bUnknown (?:MySQL|MariaDB) server host\b/i,
      /\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN|for) dokku-\w+/,
      /\blookup dokku-\S{1,100}: ?(?:no such host|server misbehaving)|\blookup dokku-\S{1,100} on \S{1,100}: no such host/,
      /\bdokku-(?:postgres|mysql|mariadb|redis|mongo|rabbitmq|elasticsearch|memcached)-.{0,200}(?:no such host|nodename nor servname|Name or service not known|Name does not resolve|nxdomain|UnknownHost|not known|failed: Temporary failure)/i,
      /\bUnknownHostException: dokku-|\(Mongo\w*Error\).{0,60}ENOTFOUND/,
      /\bnon-existing domain - :nxdomain\b|\btcp connect \([^)]{1,200}\): non-existing domain\b/,
      /\bCan't reach database server at\b/,
    ],
    hint: 'The database host has no name in the app’s network, or does not answer: the service is not linked (`dokku postgres:link SERVICE APP`, and alike for others), is stopped, or the app is in another network.',
  },
  {
    kind: 'host in no network',
    when: [
      /\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN) [\w-]{1,63}(?![\w.-])/,
      /\blookup [\w-]{1,63}(?: on \S{1,60})?: no such host\b/,
    ],
    hint: 'The host has no name in the app’s network: names such as `db` of a compose file do not exist here. Use the address that linking a service sets (for example DATABASE_URL), or put both on one network (`dokku network:set APP attach-post-create NETWORK`).',
    steps: RUNS,
  },
  {
    kind: 'database login',
    when: [
      /\bpassword authentication failed for user\b|\bAccess denied for user\b|\bSASL(?:: | )\S{0,40}.{0,60}(?:password|authentication)/i,
      /\bNOAUTH Authentication required\b|\bWRONGPASS\b|\bP1000\b|\brole "[^"]{1,100}" does not exist\b/,
    ],
    hint: 'The database refuses the login: the config holds other credentials than the service has. See `dokku config:show APP`; linking the service anew sets them again.',
  },
  {
    kind: 'database missing',
    when: [/\bdatabase "[^"]{1,100}" does not exist\b|\bUnknown database '|\bP1003\b/],
    hint: 'The database server answers, but has no database of that name: create it, or correct the name in the config.',
  },
  {
    kind: 'too many connections',
    when: [
      /\btoo many clients already\b|\bToo many connections\b|\bremaining connection slots are reserved\b/i,
    ],
    hint: 'The database takes no more connections: the old and the new processes hold some at the same time. Lower the pool of each process, or raise max_connections.',
  },
  {
    kind: 'database',
    when: [
      new RegExp(
        `(?:ECONNREFUSED|[Cc]onnection refused|connection to server|ETIMEDOUT).{0,200}${DATABASE.source}`,
      ),
      new RegExp(`${DATABASE.source}.{0,200}(?:ECONNREFUSED|[Cc]onnection refused|timed out)`),
      /\bthe database system is (?:starting up|shutting down|in recovery)\b/i,
      /\bSQLSTATE\[HY000\] \[200[23]\]|\bCan't connect to (?:local )?(?:MySQL|MariaDB|server)/i,
      /\bError connecting to Redis\b|\bPG::ConnectionBad\b|\bCommunications link failure\b/,
    ],
    hint: ({ line, step }) =>
      step === 'build'
        ? 'The build wants a database, and none can be reached while an image is built: do what needs it in a release or predeploy task, or when the app starts.'
        : /127\.0\.0\.1|localhost|::1|local MySQL|via socket|on socket/i.test(line)
          ? 'The app looks for its database in its own container. Use the address of the linked service (for example DATABASE_URL, which `dokku postgres:link SERVICE APP` sets).'
          : 'The database does not answer: it is stopped, starting, or on another network. See `dokku postgres:info SERVICE` (and alike for others).',
    steps: [...BUILDS, ...RUNS],
  },
  {
    kind: 'migration',
    when: [/\bP3009\b|\bP3018\b/],
    hint: 'An earlier migration broke half way. Mark it with a one-off run (`dokku run APP npx prisma migrate resolve --rolled-back NAME`, or `--applied`), then deploy again.',
    weight: 'primary',
  },
  {
    kind: 'migration',
    when: [
      /\bThe `\w{1,200}` migration started at\b.{0,200}\bfailed\b/,
      /\bfailed migrations in the target database\b/,
    ],
    hint: 'An earlier migration broke half way. Mark it with a one-off run (`dokku run APP npx prisma migrate resolve --rolled-back NAME`, or `--applied`), then deploy again.',
  },
  {
    kind: 'migration',
    when: [
      /\bP3005\b|\bP3006\b|\bPendingMigrationError\b|\bMigrations are pending\b/,
      /\bConflicting migrations detected\b|\bInconsistentMigrationHistory\b|\bNodeNotFoundError\b/,
      /\bCan't locate revision identified by\b|\bMultiple head revisions\b/,
      /\bMigrations have failed validation\b|\bValidate failed: |\bFlywayValidateException\b/,
      /\bMigration checksum mismatch\b|\bLiquibaseException\b|\bIrreversibleMigration\b/,
      /\ball later migrations canceled\b/,
    ],
    hint: 'A migration cannot run: the history of migrations in the database and in the code do not go together. Mend it with a one-off run (`dokku run APP COMMAND`), then deploy again.',
  },
  {
    kind: 'migration',
    when: [
      /\b(?:UndefinedTable|DuplicateTable|DuplicateColumn|UndefinedColumn)\b|\b42P0[17]\b|\b42S0[12]\b|\b42701\b/,
      /\b(?:relation|table|column) ["'`]?[\w."`]{1,120}["'`]? (?:already exists|does not exist)\b/i,
      /\bno such table: |\bBase table or view (?:already exists|not found)\b|\bDuplicate column name\b/,
      /\bUniqueViolation\b|\bNotNullViolation\b|\bviolates (?:not-null|unique|foreign key|check) constraint\b/,
    ],
    hint: 'The tables are not as the code expects: a migration did not run, ran twice, or meets data it does not fit.',
    steps: RUNS,
  },
  {
    kind: 'port taken',
    when: [
      /\bport is already allocated\b|\baddress already in use\b|\bEADDRINUSE\b|\bPort \d+ was already in use\b/i,
    ],
    hint: 'The port is taken by another process. Let the app listen on $PORT and leave the mapping to Dokku.',
  },
  {
    kind: 'port not allowed',
    when: [
      /\bEACCES\b.{0,60}:(?:80|443)\b|\bbind\(\) to \S{1,60}:(?:80|443) failed \(13\b/,
      /\bbind: permission denied\b|\bpermission denied\b.{0,60}:(?:80|443)\b/i,
    ],
    hint: 'The process may not listen on a port below 1024: let it listen on $PORT.',
    steps: RUNS,
  },
  {
    kind: 'access denied',
    when: [
      /\bEACCES: permission denied\b|\bPermissionError: \[Errno 13\]|\bEROFS\b|\bRead-only file system\b/,
      /\b(?:java\.nio\.file\.)?AccessDeniedException: \/|\bPermission denied @ \w{1,40} - \//,
      /\b[Ff]ailed to open stream: Permission denied\b|\bcould not be opened in append mode\b/,
    ],
    hint: ({ step }) =>
      step === 'build'
        ? 'The step runs as a user who may not write there: copy with `COPY --chown`, or set USER after that step.'
        : 'The process may not write there: the folder belongs to another user. For a storage mount see `dokku storage:ensure-directory --chown`.',
  },
]
