/** The only place that reads what Dokku prints. Recorded shapes are in test/fixtures. */
import * as z from 'zod'
import type { CertificateSeen } from '../certificates/certificate.ts'
import type { CronEntry, Facts } from '../reports/report.ts'

/** All of Dokku's report values are strings; keys come with and, until 0.39, also without the plugin's prefix. */
const Report = z.record(z.string(), z.string())

const value = (report: Readonly<Record<string, string>>, plugin: string, key: string): string =>
  report[key] ?? report[`${plugin}-${key}`] ?? ''

export const readAppsList = (stdout: string): readonly string[] =>
  z.array(z.string()).parse(JSON.parse(stdout))

/**
 * `X:report --format json` without an app: one object a line in the order of apps:list, without the app's name.
 * Null when the counts differ: an app came or went between the two commands, so ask again.
 */
export function readAllReports(
  stdout: string,
  apps: readonly string[],
): ReadonlyMap<string, Readonly<Record<string, string>>> | null {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '')
  if (lines.length !== apps.length) return null
  return new Map(lines.map((line, index) => [apps[index] ?? '', Report.parse(JSON.parse(line))]))
}

export interface AppReport {
  /** Milliseconds since 1970; null where Dokku does not know. */
  readonly createdAt: number | null
  readonly locked: boolean
  readonly deploySource: string
}

export function readAppReport(report: Readonly<Record<string, string>>): AppReport {
  const createdAt = Number(value(report, 'app', 'created-at'))
  return {
    createdAt: createdAt > 0 ? createdAt * 1000 : null,
    locked: value(report, 'app', 'locked') === 'true',
    deploySource: value(report, 'app', 'deploy-source'),
  }
}

export function readCertificateReport(report: Readonly<Record<string, string>>): CertificateSeen {
  const of = (key: string) => value(report, 'ssl', key)
  if (of('enabled') !== 'true') return null
  return {
    hostnames: [...words(of('hostnames'))],
    issuer: of('issuer'),
    subject: of('subject'),
    startsAt: openSslTime(of('starts-at')),
    expiresAt: openSslTime(of('expires-at')),
    verified: of('verified'),
  }
}

/** The domains an app answers to; none while its own are disabled. */
export function readDomainsReport(report: Readonly<Record<string, string>>): readonly string[] {
  if (value(report, 'domains', 'app-enabled') === 'false') return []
  return words(value(report, 'domains', 'app-vhosts'))
}

export const readReport = (stdout: string): Readonly<Record<string, string>> =>
  Report.parse(JSON.parse(stdout))

const Formation = z.array(z.object({ process_type: z.string(), quantity: z.number().int() }))

/** `ps:scale APP --format json` → `web=2`, `worker=1`. */
export const readFormation = (stdout: string): readonly string[] =>
  Formation.parse(JSON.parse(stdout)).map(({ process_type, quantity }) => `${process_type}=${quantity}`)

/** `config:keys APP`, one a line. */
export const readConfigKeys = (stdout: string): readonly string[] =>
  stdout.split('\n').filter((line) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(line))

const BuildRecord = z.object({
  id: z.string(),
  app: z.string(),
  pid: z.number().int().default(0),
  started_at: z.string(),
  finished_at: z.string().optional(),
  status: z.enum(['running', 'succeeded', 'failed', 'canceled']),
  /** Only in a list: `abandoned` where the process of a record that says running is gone. */
  display_status: z.string().optional(),
  source: z.string(),
  exit_code: z.number().int().optional(),
  log_path: z.string().optional(),
})
export type BuildRecord = z.infer<typeof BuildRecord>

/** One of Dokku's own records, `data/builds/APP/ID.json`. Null for what is none. */
export function readBuildRecord(text: string): BuildRecord | null {
  try {
    return BuildRecord.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** `builds:list APP --format json`, newest first. */
export const readBuildList = (stdout: string): readonly BuildRecord[] =>
  z.array(BuildRecord).parse(JSON.parse(stdout))

/** "Nov 23 01:32:26 2027 GMT", as openssl prints it. */
const openSslTime = (text: string): number | null => {
  const time = Date.parse(text)
  return Number.isNaN(time) ? null : time
}

const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '')

/** A report with what is a list in JSON only, such as docker-options' phases. */
export const readFacts = (stdout: string): Facts =>
  z.record(z.string(), z.union([z.string(), z.array(z.string())])).parse(JSON.parse(stdout))

/**
 * A report of a plugin that knows no JSON: `       Http auth users:    ada` is `users` of `http-auth`. Lines that are not
 * of this form are passed over.
 */
export function readTextReport(stdout: string, plugin: string): Facts {
  const facts: Record<string, string> = {}
  for (const line of stdout.split('\n')) {
    const colon = line.indexOf(':')
    if (colon < 0 || !/^ {2,}\S/.test(line)) continue
    const label = line.slice(0, colon).trim().toLowerCase().replaceAll(' ', '-')
    facts[label.startsWith(`${plugin}-`) ? label.slice(plugin.length + 1) : label] = line
      .slice(colon + 1)
      .trim()
  }
  return facts
}

const Plugins = z.array(
  z.object({
    name: z.string(),
    enabled: z.boolean(),
    version: z.string().default(''),
    core: z.boolean().default(false),
  }),
)

/** `plugin:list --format json` → the names of those that are enabled. */
export const readPlugins = (stdout: string): readonly string[] =>
  Plugins.parse(JSON.parse(stdout)).flatMap(({ name, enabled }) => (enabled ? [name] : []))

/** The same → `http-auth 0.10.0` of those that are enabled and not part of Dokku. */
export const readPluginVersions = (stdout: string): readonly string[] =>
  Plugins.parse(JSON.parse(stdout)).flatMap(({ name, version, enabled, core }) =>
    enabled && !core ? [`${name} ${version}`] : [],
  )

/** `domains:report --global --format json` → the names below which apps get theirs. */
export const readGlobalDomains = (stdout: string): readonly string[] =>
  words(value(readReport(stdout), 'domains', 'global-vhosts'))

/** `network:list --format json` → their names. */
export const readNetworks = (stdout: string): readonly string[] =>
  z
    .array(z.object({ Name: z.string() }))
    .parse(JSON.parse(stdout))
    .map(({ Name }) => Name)

/** `cron:list APP --format json`. */
export const readCron = (stdout: string): readonly CronEntry[] =>
  z
    .array(
      z.object({
        id: z.string(),
        command: z.string(),
        schedule: z.string(),
        'app-in-maintenance': z.boolean().default(false),
        'task-in-maintenance': z.boolean().default(false),
      }),
    )
    .parse(JSON.parse(stdout))
    .map(({ id, command, schedule, ...entry }) => ({
      id,
      command,
      schedule,
      appSuspended: entry['app-in-maintenance'],
      suspended: entry['task-in-maintenance'],
    }))
