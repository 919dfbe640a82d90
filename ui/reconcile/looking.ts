/** Reads reports for the pages that show them: asked for, after what changes them, and seldom by itself. */
import { GLOBAL_SWITCH } from '../config/owner.ts'
import { type Dokku, DokkuError, NO_SUCH_APP } from '../dokku/dokku.ts'
import {
  readConfigKeys,
  readCron,
  readFacts,
  readGlobalDomains,
  readNetworks,
  readPlugins,
} from '../dokku/report.ts'
import type { RecordedEvent } from '../events/event.ts'
import {
  APP_REPORTS,
  type AppReport,
  CHANGED_BY_DEPLOY,
  changedBy,
  type Looks,
  type ReportName,
  reportsThere,
} from '../reports/report.ts'
import { roundOf, working } from './due.ts'

export interface LookingOptions {
  readonly dokku: Dokku
  /** What the server's root allowed the panel. */
  allowed(): Promise<readonly string[]>
  knownApps(): readonly string[]
  /** As of the last time the server was asked. */
  plugins(): readonly string[]
  building(app: string): boolean
  /** `app` null: the server. */
  keep(app: string | null, name: ReportName, body: unknown, at: number): void
  /** Keys of the server's config, where its root lets them be seen. */
  globalKeys(keys: readonly string[]): void
  /** Pages of the app show what is there now; null: of the server. */
  changed(app: string | null): void
  now(): number
  onError(error: unknown): void
  /** One app is read each so often, milliseconds; 0: never by itself. A whole app costs Dokku two seconds. */
  readonly appEveryMs?: number
  readonly serverEveryMs?: number
}

/** What is older than this is read anew when somebody looks at it. */
const OLD_MS = 10 * 60_000
/** Commands go on for a moment after the trigger, and a job of several commands ends several times. */
const SETTLE_MS = 800

const CHANGED_BY_TRIGGER = new Map<string, readonly AppReport[]>([
  ['build-ended', CHANGED_BY_DEPLOY],
  ['post-domains-update', ['domains']],
  ['post-certs-update', ['letsencrypt']],
  ['post-certs-remove', ['letsencrypt']],
  ['post-proxy-ports-update', ['ports', 'proxy']],
])

export function looking(options: LookingOptions) {
  const { dokku, now, appEveryMs = 3_600_000, serverEveryMs = 3_600_000 } = options
  const due = new Map<string, { readonly names: Set<AppReport>; at: number }>()
  /** Asked for during a build, which is not disturbed: read at its end. */
  const held = new Map<string, ReadonlySet<AppReport>>()
  const visited = new Map<string, number>()
  let reading: string | null = null
  let readingServer = 0
  /** How often we were told that the server's config changed. */
  let told = 0
  let soon: NodeJS.Timeout | undefined

  const ask = (app: string, names: readonly AppReport[], inMs: number): void => {
    if (work.isStopped() || names.length === 0) return
    const already = due.get(app)?.names ?? new Set<AppReport>()
    due.set(app, { names: new Set([...already, ...names]), at: now() + inMs })
    work.schedule()
  }

  const workThroughDue = async (): Promise<void> => {
    for (const [app, { names, at }] of [...due].sort(([, one], [, other]) => one.at - other.at)) {
      if (work.isStopped() || at > now()) return
      due.delete(app)
      if (options.building(app)) {
        held.set(app, new Set([...(held.get(app) ?? []), ...names]))
        continue
      }
      reading = app
      options.changed(app)
      await readApp(app, names).finally(() => {
        reading = null
        options.changed(app)
      })
    }
  }

  const readApp = async (app: string, names: ReadonlySet<AppReport>): Promise<void> => {
    if (names.size === APP_REPORTS.length) await readServer()
    const there = reportsThere(options.plugins())
    for (const name of there.filter((each) => names.has(each))) {
      if (work.isStopped()) return
      try {
        options.keep(app, name, await read(app, name), now())
      } catch (error) {
        if (error instanceof DokkuError && error.exitCode === NO_SUCH_APP) return
        options.onError(error)
      }
    }
  }

  const read = async (app: string, name: AppReport): Promise<unknown> => {
    if (name === 'cron') return readCron(await dokku.run(['cron:list', app, '--format', 'json']))
    // The one that knows no JSON.
    if (name === 'redirect') return { text: await dokku.run(['redirect:report', app]) }
    return readFacts(await dokku.run([`${name}:report`, app, '--format', 'json']))
  }

  const readServer = async (): Promise<void> => {
    readingServer += 1
    options.changed(null)
    try {
      options.keep(null, 'plugins', readPlugins(await dokku.run(['plugin:list', '--format', 'json'])), now())
      options.keep(
        null,
        'networks',
        readNetworks(await dokku.run(['network:list', '--format', 'json'])),
        now(),
      )
      await readGlobalKeys()
      await readGlobals()
    } catch (error) {
      options.onError(error)
    } finally {
      readingServer -= 1
      options.changed(null)
    }
  }

  const readGlobalKeys = async (): Promise<void> => {
    const allowed = await options.allowed()
    options.keep(null, 'allowed', allowed, now())
    if (!allowed.includes(GLOBAL_SWITCH)) return
    const before = told
    const keys = readConfigKeys(await dokku.run(['config:keys', '--global']))
    // Told of a change meanwhile: they are read again once that has settled.
    if (told === before && !work.isStopped()) options.globalKeys(keys)
  }

  const readGlobalKeysSoon = (): void => {
    told += 1
    clearTimeout(soon)
    soon = setTimeout(() => {
      readGlobalKeys()
        .catch(options.onError)
        .finally(() => options.changed(null))
    }, SETTLE_MS)
  }

  const readGlobals = async (): Promise<void> => {
    const report = await dokku.run(['domains:report', '--global', '--format', 'json'])
    options.keep(null, 'global-domains', readGlobalDomains(report), now())
  }

  const readNext = (): void => {
    const name = next()
    if (name !== undefined) ask(name, APP_REPORTS, 0)
  }

  const work = working({
    firstAt: () => Math.min(...[...due.values()].map(({ at }) => at)),
    workThroughDue,
    now,
    onError: options.onError,
  })
  const next = roundOf(() => options.knownApps())

  const looks: Looks = {
    look: (app, names = APP_REPORTS) => (app === null ? void readServer() : ask(app, names, 0)),
    isLooking: (app) => (app === null ? readingServer > 0 : reading === app || due.has(app) || held.has(app)),
    shown(app, at) {
      const since = Math.max(at ?? 0, visited.get(app) ?? 0)
      if (now() - since < OLD_MS) return
      visited.set(app, now())
      ask(app, APP_REPORTS, 0)
    },
  }

  return {
    ...looks,
    start() {
      if (serverEveryMs > 0) void readServer()
      work.every(serverEveryMs, () => void readServer())
      work.every(appEveryMs, readNext)
    },
    recorded(events: readonly RecordedEvent[]) {
      for (const { app, trigger } of events) {
        if (app === null) {
          if (trigger === 'post-config-update') readGlobalKeysSoon()
          continue
        }
        ask(app, CHANGED_BY_TRIGGER.get(trigger) ?? [], SETTLE_MS)
        if (trigger !== 'build-ended') continue
        ask(app, [...(held.get(app) ?? [])], SETTLE_MS)
        held.delete(app)
      }
    },
    /** A job that ended changed what its command is about. */
    ended({ kind, app }: { readonly kind: string; readonly app: string | null }) {
      if (app !== null) ask(app, changedBy(kind), SETTLE_MS)
      else if (kind.startsWith('domains:'))
        readGlobals()
          .catch(options.onError)
          .finally(() => options.changed(null))
      else if (kind.startsWith('letsencrypt:'))
        for (const each of options.knownApps()) ask(each, changedBy(kind), SETTLE_MS)
    },
    settled: work.settled,
    stop() {
      clearTimeout(soon)
      return work.stop()
    },
  }
}
