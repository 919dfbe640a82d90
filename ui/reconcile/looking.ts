/** Reads reports for the pages that show them: asked for, after what changes them, and seldom by itself. */
import { type Dokku, DokkuError, NO_SUCH_APP } from '../dokku/dokku.ts'
import { isAppName } from '../dokku/names.ts'
import { readCron, readFacts } from '../dokku/report.ts'
import type { RecordedEvent } from '../events/event.ts'
import {
  APP_REPORTS,
  type AppReport,
  CHANGED_BY_DEPLOY,
  changedBy,
  isPluginReport,
  type Looks,
  type ReportName,
  reportsThere,
} from '../reports/report.ts'
import { roundOf, working } from './due.ts'
import { readPluginReport } from './plugin-reports.ts'
import { serverLook } from './server.ts'

export interface LookingOptions {
  readonly dokku: Dokku
  /** What the server's root allowed the panel. */
  allowed(): Promise<readonly string[]>
  /** Which keys of config only its root may set. */
  reserved(): Promise<readonly string[]>
  knownApps(): readonly string[]
  /** As of the last time the server was asked. */
  plugins(): readonly string[]
  building(app: string): boolean
  /** Whether a page is open somewhere. */
  viewed(): boolean
  /** Which app has this name now; undefined: none. */
  idOf(app: string): number | undefined
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
  ['post-domains-update', ['domains']],
  ['post-certs-update', ['letsencrypt']],
  ['post-certs-remove', ['letsencrypt']],
  ['post-proxy-ports-update', ['ports', 'proxy']],
])

/** Of the server as a whole: its config, and what its root allows the panel. */
const CHANGES_SERVER: ReadonlySet<string> = new Set(['post-config-update', 'dokkubase-set'])

export function looking(options: LookingOptions) {
  const { dokku, now, appEveryMs = 3_600_000, serverEveryMs = 3_600_000 } = options
  const due = new Map<string, { readonly names: Set<AppReport>; at: number }>()
  /** Asked for during a build, which is not disturbed: read at its end. */
  const held = new Map<string, ReadonlySet<AppReport>>()
  const visited = new Map<string, number>()
  /** Deployed while no page was open: what a deploy may change is read with the next visit. */
  const outdated = new Set<string>()
  let reading: string | null = null

  const ask = (app: string, names: readonly AppReport[], inMs: number): void => {
    // Of a name Dokku no longer takes, it would refuse each of these commands.
    if (work.isStopped() || names.length === 0 || !isAppName(app)) return
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
    if (names.size === APP_REPORTS.length) await server.read()
    const there = reportsThere(options.plugins())
    const id = options.idOf(app)
    for (const name of there.filter((each) => names.has(each))) {
      if (work.isStopped()) return
      try {
        const body = await read(app, name)
        // Destroyed and made again, or renamed and the name taken: this is of the app that had the name before.
        if (options.idOf(app) !== id) return
        options.keep(app, name, body, now())
      } catch (error) {
        if (error instanceof DokkuError && error.exitCode === NO_SUCH_APP) return
        options.onError(error)
      }
    }
  }

  const read = async (app: string, name: AppReport): Promise<unknown> => {
    if (name === 'cron') return readCron(await dokku.run(['cron:list', app, '--format', 'json']))
    if (isPluginReport(name)) return readPluginReport(dokku, name, app)
    return readFacts(await dokku.run([`${name}:report`, app, '--format', 'json']))
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
  const server = serverLook({
    dokku,
    allowed: options.allowed,
    reserved: options.reserved,
    keep: (name, body) => options.keep(null, name, body, now()),
    globalKeys: options.globalKeys,
    changed: () => options.changed(null),
    isStopped: work.isStopped,
    onError: options.onError,
  })
  const next = roundOf(() => options.knownApps())

  const looks: Looks = {
    look: (app, names = APP_REPORTS) => (app === null ? void server.read() : ask(app, names, 0)),
    isLooking: (app) =>
      app === null ? server.isReading() : reading === app || due.has(app) || held.has(app),
    shown(app, at) {
      if (outdated.delete(app)) ask(app, CHANGED_BY_DEPLOY, 0)
      const since = Math.max(at ?? 0, visited.get(app) ?? 0)
      if (now() - since < OLD_MS) return
      visited.set(app, now())
      ask(app, APP_REPORTS, 0)
    },
  }

  return {
    ...looks,
    start() {
      if (serverEveryMs > 0) void server.read()
      work.every(serverEveryMs, () => void server.read())
      work.every(appEveryMs, readNext)
    },
    recorded(events: readonly RecordedEvent[]) {
      for (const { app, trigger } of events) {
        if (app === null) {
          if (CHANGES_SERVER.has(trigger)) server.readConfigIn(SETTLE_MS)
          continue
        }
        ask(app, CHANGED_BY_TRIGGER.get(trigger) ?? [], SETTLE_MS)
        if (trigger !== 'build-ended') continue
        ask(app, [...(held.get(app) ?? [])], SETTLE_MS)
        held.delete(app)
        // Four reports cost Dokku as much as all hooks of a deploy: nobody needs them before a page is opened.
        if (options.viewed()) ask(app, CHANGED_BY_DEPLOY, SETTLE_MS)
        else outdated.add(app)
      }
    },
    /** A job that ended changed what its command is about. */
    ended({ kind, app }: { readonly kind: string; readonly app: string | null }) {
      if (app !== null) ask(app, changedBy(kind), SETTLE_MS)
      else if (kind.startsWith('domains:')) void server.readDomains()
      else if (kind.startsWith('letsencrypt:'))
        for (const each of options.knownApps()) ask(each, changedBy(kind), SETTLE_MS)
    },
    settled: work.settled,
    stop() {
      server.stop()
      return work.stop()
    },
  }
}
