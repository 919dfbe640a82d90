import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { isAddressOrNetwork } from './domains/pointing.ts'
import { LOCAL } from './events/event.ts'
import { typed } from './jobs/job.ts'

/** What a bearer token may be made of (RFC 6750), so that commas and colons only separate. */
const TOKEN = /^(?:([a-z0-9][a-z0-9.-]{0,62}):)?([A-Za-z0-9._~+/-]{16,}=*)$/

const Tokens = z
  .string()
  .transform((text) => text.split(',').map((entry) => TOKEN.exec(entry.trim())))
  .refine((all) => all.every((entry) => entry !== null), {
    message: 'write HOST:TOKEN, or TOKEN; a token is 16 or more of A-Z a-z 0-9 . _ ~ + / -',
    abort: true,
  })
  .transform((all) => all.map((entry) => ({ host: entry?.[1] ?? null, token: entry?.[2] ?? '' })))
  .refine((all) => all.every(({ host }) => host !== LOCAL), `no remote host is named ${LOCAL}`)
  .refine((all) => isUnique(all.map(({ host }) => host)), 'give each host one token')
  .refine((all) => isUnique(all.map(({ token }) => token)), 'give each host a token of its own')

/** Addresses and networks, comma-separated; each that is neither is named. */
const Networks = z
  .string()
  .transform((text) => text.split(',').flatMap((one) => one.trim() || []))
  .superRefine((all, context) => {
    for (const one of all)
      if (!isAddressOrNetwork(one))
        context.addIssue({
          code: 'custom',
          message: `"${one}" is no address or network; write them as 203.0.113.7,2001:db8::/64`,
        })
  })

/** As it is from every folder. */
const Path = z
  .string()
  .min(1, 'write a path')
  .transform((path) => resolve(path))

const Origin = z.string().refine((text) => {
  if (!URL.canParse(text)) return false
  const { protocol, origin, href } = new URL(text)
  return /^https?:$/.test(protocol) && href === `${origin}/`
}, 'write it as https://panel.example.com: http or https, a host, perhaps a port, and no more')

/** What the kernel takes. */
const LONGEST_SOCKET = 107

const isUnique = (all: readonly unknown[]): boolean => new Set(all).size === all.length

/** The panel's own environment. ("config" is Dokku's word for an app's variables.) */
const Settings = z
  .object({
    PORT: z.coerce.number().int().min(1).max(65535).default(3000),
    /** Only nginx on this host speaks to the panel. */
    HOST: z
      .string()
      .regex(/^[\da-zA-Z:.-]{1,253}$/, 'write an address or a host name')
      .default('127.0.0.1'),
    /** Where browsers find the panel; links it prints begin so. Default: http://HOST:PORT */
    DOKKUBASE_ORIGIN: Origin.optional(),
    /** Folder of the database and what goes with it. */
    DOKKUBASE_DATA: Path.default('/var/lib/dokkubase'),
    /** Folder that the hooks write into. Default: below DOKKU_LIB_ROOT. */
    DOKKUBASE_OUTBOX: Path.optional(),
    /** Tokens of `POST /events`, comma-separated: HOST:TOKEN for one host, or TOKEN for every other. None: not served. */
    DOKKUBASE_TOKEN: Tokens.optional(),
    /** Peers whose X-Forwarded-For is believed, comma-separated. nginx on this host by default. */
    DOKKUBASE_TRUSTED_PROXIES: Networks.prefault('127.0.0.1,::1'),
    /** Prometheus figures are answered here, never on the panel's port: nginx also comes from 127.0.0.1. */
    DOKKUBASE_METRICS_SOCKET: Path.refine(
      (path) => Buffer.byteLength(path) <= LONGEST_SOCKET,
      `the path of a socket has ${LONGEST_SOCKET} bytes at most`,
    ).optional(),
    /** Days an act stays in the audit trail. */
    DOKKUBASE_AUDIT_DAYS: z.coerce.number().int().min(1).default(400),
    /** Days events, and the logs of deployments, are kept. Without them: for good. */
    DOKKUBASE_EVENT_DAYS: z.coerce.number().int().min(1).optional(),
    DOKKUBASE_LOG_DAYS: z.coerce.number().int().min(1).optional(),
    /** Days one-time links and sessions are kept after their end. */
    DOKKUBASE_SIGN_IN_DAYS: z.coerce.number().int().min(1).default(30),
    /** Days a job that ended is kept, and how many of them at most. */
    DOKKUBASE_JOB_DAYS: z.coerce.number().int().min(1).default(90),
    DOKKUBASE_JOBS_KEPT: z.coerce.number().int().min(1).default(10_000),
    /** An archive that somebody uploads may be so large. What stands before the panel (nginx) has a limit of its own. */
    DOKKUBASE_UPLOAD_MB: z.coerce.number().int().min(1).max(10_000).default(100),
    /** Addresses and networks (203.0.113.0/24), comma-separated, by which this server is reached besides its own. */
    DOKKUBASE_ADDRESSES: Networks.prefault(''),
    /** Redis (an address, or the path of its socket) decides which job runs next. Default: the panel itself. */
    REDIS_URL: z
      .string()
      .regex(/^(rediss?:\/\/.|\/)/, 'write redis://…, rediss://… or the path of a socket')
      .optional(),
    DOKKUBASE_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    /** The executable that is Dokku: the real one, or the simulator. Only without DOKKUBASE_GATE_USER. */
    DOKKU: z.string().min(1).default('dokku'),
    /** The script every command goes through. Default: that of this clone. */
    DOKKUBASE_GATE: Path.default(fileURLToPath(new URL('../ui/dokku/gate/gate', import.meta.url))),
    /** Dokku's user, whom the gate is run as by sudo. Without it the gate is run directly. */
    DOKKUBASE_GATE_USER: z
      .string()
      .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'write the name of a user')
      .optional(),
    DOKKU_LIB_ROOT: Path.default('/var/lib/dokku'),
  })
  .transform((env) => ({
    port: env.PORT,
    host: env.HOST,
    origin: env.DOKKUBASE_ORIGIN ?? `http://${env.HOST}:${env.PORT}`,
    data: env.DOKKUBASE_DATA,
    outbox: env.DOKKUBASE_OUTBOX ?? `${env.DOKKU_LIB_ROOT}/data/dokkubase/outbox`,
    tokens: env.DOKKUBASE_TOKEN ?? [],
    trustedProxies: env.DOKKUBASE_TRUSTED_PROXIES,
    metricsSocket: env.DOKKUBASE_METRICS_SOCKET ?? `${env.DOKKUBASE_DATA}/metrics.sock`,
    auditDays: env.DOKKUBASE_AUDIT_DAYS,
    eventDays: env.DOKKUBASE_EVENT_DAYS ?? null,
    logDays: env.DOKKUBASE_LOG_DAYS ?? null,
    signInDays: env.DOKKUBASE_SIGN_IN_DAYS,
    jobDays: env.DOKKUBASE_JOB_DAYS,
    jobsKept: env.DOKKUBASE_JOBS_KEPT,
    uploadBytes: env.DOKKUBASE_UPLOAD_MB * 1024 * 1024,
    addresses: env.DOKKUBASE_ADDRESSES,
    redis: env.REDIS_URL ?? null,
    logLevel: env.DOKKUBASE_LOG_LEVEL,
    dokku: env.DOKKU,
    gate: env.DOKKUBASE_GATE,
    gateUser: env.DOKKUBASE_GATE_USER ?? null,
    dokkuLibRoot: env.DOKKU_LIB_ROOT,
  }))

export type Settings = z.infer<typeof Settings>

/** Reads the settings or throws one error that names every wrong one and what was expected. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const read = Settings.safeParse(env)
  if (read.success) return read.data
  const wrong = read.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`)
  throw new Error(`Dokkubase cannot start, these settings are wrong:\n${wrong.join('\n')}`)
}

/** What prints a link into this panel and no other: an installed one has Dokku's command, another its own data. */
export const loginCommand = ({
  gateUser,
  data,
  origin,
}: Pick<Settings, 'gateUser' | 'data' | 'origin'>): string =>
  gateUser === null
    ? typed(['env', `DOKKUBASE_DATA=${data}`, `DOKKUBASE_ORIGIN=${origin}`, 'node', 'dist/main.js', 'login'])
    : 'dokku dokkubase:login'
