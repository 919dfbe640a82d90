import type { Dokku } from '../dokku/dokku.ts'
import { isAppName } from '../dokku/names.ts'
import { readAllReports, readAppsList, readCertificateReport } from '../dokku/report.ts'
import { appOf, type Event, eventId, type RecordedEvent, seenEvent } from '../events/event.ts'
import { compare, type KnownApp, PARTS, partsAfter, sameCertificate } from './compare.ts'
import { roundOf, working } from './due.ts'
import { readApp } from './read-app.ts'

export interface ReconcilerOptions {
  readonly dokku: Dokku
  readonly host?: string
  /** Names of apps our rows have as not destroyed. */
  knownApps(): readonly string[]
  known(app: string): KnownApp | undefined
  /** Reports are never asked during a build: they cost CPU the build needs, and all of it changes anyway. */
  building(app: string): boolean
  record(events: readonly Event[]): readonly RecordedEvent[]
  /** Reads what was told meanwhile. Rejects where that cannot be read: then nothing may be called untold. */
  drain(): Promise<unknown>
  now(): number
  onError(error: unknown): void
  /** An app's formation was read, and its rows are as it was then. */
  onFormation?(app: string, at: number): void
  /** One app is compared each so often, milliseconds; 0: never by itself. */
  readonly appEveryMs?: number
  /** The list of apps, their locks and certificates, milliseconds. */
  readonly listEveryMs?: number
  /** After a list that could not be read: doubled with each further failure. Milliseconds. */
  readonly listRetryMs?: number
  /** Between two apps when all are compared, milliseconds. */
  readonly spreadMs?: number
}

/** Triggers after which the app they name is asked about again. A deploy is asked about once, after its end. */
const ASKS_AGAIN: ReadonlySet<string> = new Set([
  'post-create',
  'post-app-rename',
  'post-app-clone-setup',
  'post-config-update',
  'post-domains-update',
  'post-certs-update',
  'post-certs-remove',
  'post-proxy-ports-update',
  'post-stop',
  'pre-start',
  'post-deploy',
  'build-ended',
])
/** Commands fire several triggers and go on for a while after the first. */
const SETTLE_MS = 1500
const MOST_LIST_RETRY_MS = 300_000

/** Compares our rows with Dokku: one command at a time, so that a busy server hardly notices. */
export function reconciler(options: ReconcilerOptions) {
  const {
    dokku,
    host = 'local',
    appEveryMs = 600_000,
    listEveryMs = 900_000,
    listRetryMs = 2000,
    spreadMs = 3000,
  } = options
  const asked = new Map<string, Set<string>>()
  const due = new Map<string, number>()
  /** How often the list of apps was asked for, and after which of these an event last named an app. */
  let lists = 0
  const toldDuring = new Map<string, number>()

  const seen = (trigger: string, args: readonly string[], note: string, index: number): Event => {
    const at = options.now()
    numbered += 1
    const id = eventId(at + index / 1000, process.pid, `seen-${numbered}`)
    const buildId = trigger === 'build-seen' ? (args[1] ?? '') : ''
    return seenEvent({ id, host, trigger, at, args, note, buildId })
  }

  const ask = (app: string, trigger: string, inMs: number) => {
    // Dokku would refuse every command about it, each time.
    if (!isAppName(app)) return
    const since = asked.get(app) ?? new Set()
    asked.set(app, since.add(trigger))
    due.set(app, Math.max(due.get(app) ?? 0, options.now() + inMs))
    work.schedule()
  }

  const workThroughDue = async () => {
    for (const [app, at] of [...due].sort(([, one], [, other]) => one - other)) {
      if (work.isStopped() || at > options.now()) return
      // Asked for again meanwhile: it settles first.
      if (due.get(app) !== at) continue
      due.delete(app)
      if (options.building(app)) continue
      const since = asked.get(app) ?? new Set<string>()
      asked.delete(app)
      const again = () => asked.set(app, new Set([...since, ...(asked.get(app) ?? [])]))
      await compareOne(app, since, again).catch((error: unknown) => {
        again()
        options.onError(error)
      })
    }
  }

  const compareOne = async (app: string, since: ReadonlySet<string>, again: () => void) => {
    const readAt = options.now()
    // Before anything was read nothing can be left out.
    const { looked = false, locked = false } = options.known(app) ?? {}
    const parts = looked ? partsAfter(since, locked) : PARTS
    // Once for each app and start: later ones are among the newest.
    const read = await readApp(dokku, app, parts, readAt, { allBuilds: !looked || since.has('start') })
    await options.drain()
    // What was read may be older than what was told meanwhile; it is read anew once that has settled or is built.
    if (options.building(app) || due.has(app)) return again()
    const known = options.known(app)
    if (read === null || known === undefined) return
    const differences = compare(known, read, since, options.now())
    const firstLook = known.looked ? [] : [seen('app-looked', [app], '', 0)]
    const events = differences.map(({ trigger, args, note }, index) => seen(trigger, args, note, index + 1))
    if (events.length + firstLook.length > 0) options.record([...events, ...firstLook])
    if (read.formation !== undefined) options.onFormation?.(app, readAt)
  }

  /** Apps that came or went untold, in two cheap commands for all of them. */
  const compareList = async () => {
    const list = ++lists
    const names = readAppsList(await dokku.run(['apps:list', '--format', 'json']))
    await options.drain()
    const known = new Set(options.knownApps())
    // The list may be older than what was told of an app while it was read, and then says nothing of that app.
    const settled = (name: string) => (toldDuring.get(name) ?? 0) < list
    const came = names.filter((name) => !known.has(name) && isApp(name) && settled(name))
    const gone = [...known].filter((name) => !names.includes(name) && settled(name))
    const events = [
      ...came.map((name, index) => seen('app-seen', [name], '', index)),
      ...gone.map((name, index) => seen('app-gone', [name], '', index)),
    ]
    if (events.length > 0) options.record(events)
    const certificates = readAllReports(await dokku.run(['certs:report', '--format', 'json']), names)
    for (const name of names) {
      const report = certificates?.get(name)
      const row = options.known(name)
      if (
        row &&
        (!row.looked || (report && !sameCertificate(row.certificate, readCertificateReport(report))))
      )
        ask(name, 'list', 0)
    }
  }

  const compareNext = () => {
    const name = next()
    if (name !== undefined) ask(name, 'timer', 0)
  }

  /** Every app, spread so that a busy server hardly notices; those never looked at go first and at once. */
  const compareAll = () => {
    const known = options.knownApps().map((name) => ({ name, looked: options.known(name)?.looked === true }))
    for (const { name } of known.filter(({ looked }) => !looked)) ask(name, 'start', 0)
    for (const [index, { name }] of known.filter(({ looked }) => looked).entries())
      ask(name, 'start', (index + 1) * spreadMs)
  }

  const work = working({
    firstAt: () => Math.min(...due.values()),
    workThroughDue,
    now: options.now,
    onError: options.onError,
  })
  const next = roundOf(() => options.knownApps())

  /** The list is retried soon where it fails: until it was read once, apps are missing from every page. */
  let retry: NodeJS.Timeout | undefined
  let delayMs = listRetryMs
  const listNow = async (): Promise<void> => {
    clearTimeout(retry)
    try {
      await compareList()
      delayMs = listRetryMs
    } catch (error) {
      options.onError(error)
      if (work.isStopped()) return
      retry = setTimeout(() => void listNow(), delayMs)
      delayMs = Math.min(delayMs * 2, MOST_LIST_RETRY_MS)
    }
  }

  return {
    async start() {
      await listNow()
      compareAll()
      work.every(listEveryMs, listNow)
      work.every(appEveryMs, compareNext)
    },
    recorded(events: readonly RecordedEvent[]) {
      for (const { app, trigger, args, buildId, caller, host: toldBy } of events) {
        if (app === null || toldBy !== host) continue
        toldDuring.set(app, lists)
        // A rename names two.
        if (trigger.startsWith('post-app-rename')) toldDuring.set(args[0] ?? '', lists)
        if (!ASKS_AGAIN.has(trigger)) continue
        if (trigger === 'post-deploy' && buildId !== '') continue
        // It writes the formation before it deploys any of it: there is nothing to wait for.
        if (trigger === 'post-deploy' && caller.command === 'ps:scale') ask(app, 'ps:scale', 0)
        else ask(app, trigger, SETTLE_MS)
      }
    },
    /** Somebody did what may be told by no trigger. */
    look: (app: string) => ask(app, 'job-over', SETTLE_MS),
    /** A process was stopped on request, as it is where fewer are wanted: only the formation may be another. */
    lookAtFormation: (app: string) => ask(app, 'process-stopped', SETTLE_MS),
    /** After a time in which events may not have been written: whatever changed untold is found. */
    async compareAll() {
      await listNow()
      compareAll()
    },
    settled: work.settled,
    stop() {
      clearTimeout(retry)
      return work.stop()
    },
  }
}

/** Of what is no name of an app to the journal no row is made: it would be new with each list. */
const isApp = (name: string): boolean => appOf('app-seen', [name]) !== null

let numbered = 0
