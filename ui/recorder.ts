import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { accessChanges } from './access-changes.ts'
import { appStates } from './apps/states.ts'
import { type BuildLog, builds } from './builds/build.ts'
import { localProcesses } from './builds/process.ts'
import { GLOBAL, GLOBAL_TOPIC } from './config/owner.ts'
import type { Database } from './database/database.ts'
import { buildRows } from './deployments/watched.ts'
import type { Dokku } from './dokku/dokku.ts'
import { type Event, eventId, LOCAL, seenEvent } from './events/event.ts'
import { subjectOf } from './jobs/job.ts'
import { runningJob } from './jobs/running-job.ts'
import { attribution, type JobOfApp } from './journal/attribution.ts'
import { detected } from './journal/detected.ts'
import type { Journal } from './journal/journal.ts'
import { knownApps } from './known-apps.ts'
import type { Live } from './live/live.ts'
import { outbox } from './outbox/outbox.ts'
import { outboxRecovery } from './outbox/recovery.ts'
import { processStates } from './process-states.ts'
import { accessReads } from './properties/access.ts'
import { looking } from './reconcile/looking.ts'
import { reconciler } from './reconcile/reconcile.ts'
import { inTurn } from './reconcile/turn.ts'
import { keepReport, reportReads, SERVER } from './reports/table.ts'
import type { Settings } from './settings.ts'
import { foldedWarnings } from './web/folded-warnings.ts'
import type { Metrics } from './web/metrics.ts'

export interface RecorderOptions {
  readonly settings: Settings
  readonly db: Database
  readonly live: Live
  readonly journal: Journal
  readonly dokku: Dokku
  /** What the server's root allowed the panel. */
  readonly allowed: () => Promise<readonly string[]>
  /** Makes the outbox again where it was deleted. */
  remakeOutbox(): Promise<void>
  /** Which keys of config only its root may set. */
  readonly reserved: () => Promise<readonly string[]>
  readonly log: BuildLog
  readonly logger: Logger
  readonly metrics: Metrics
  readonly now: () => number
}

/** Before commands are started, which is costly: whoever waits for the panel is answered first. */
const ANSWERED_FIRST_MS = 50

/**
 * Everything that listens to Dokku: the outbox, the builds' processes, the containers, and the comparison that
 * finds what no trigger told. Pages only ever read what this leaves in SQLite.
 */
export function recorder(options: RecorderOptions) {
  const { settings, db, live, journal, dokku, log, logger, metrics, now } = options
  let stopped = false
  const apps = appStates(db)
  const known = knownApps(db)
  const deployed = buildRows(db)
  const warn = foldedWarnings((found) => logger.warn(found, 'background work failed'), now)
  const failed = (type: string) => (error: unknown) => {
    metrics.errors.inc({ type })
    warn(type, error)
  }

  const rereadAll = () => {
    void compare.compareAll()
    looks.look(null)
    states.changed()
  }

  const box = outbox({
    folder: settings.outbox,
    setAsideFolder: `${settings.data}/set-aside`,
    record: journal.record,
    onSetAside(name, reason) {
      metrics.setAside.inc()
      logger.warn({ file: name, reason }, 'an event file was set aside')
      live.publish(['events'])
    },
    onProblem: failed('outbox'),
    ...outboxRecovery({
      remake: options.remakeOutbox,
      record: journal.record,
      onMended: rereadAll,
      onError: failed('outbox'),
    }),
  })
  const drain = () => box.drain()
  const causes = attribution(now, runningJob(db))
  const bounded = detected({
    record: journal.record,
    onLimit: (trigger, app) => logger.warn({ trigger, app }, 'detected too often to be recorded each time'),
    now,
  })
  const detect: Journal['record'] = (events, andThen) => bounded(causes.attributed(events), andThen)

  const watch = builds({
    dokkuLibRoot: settings.dokkuLibRoot,
    processes: localProcesses,
    log,
    running: deployed.toJudge,
    find: deployed.find,
    record: detect,
    judged: deployed.judged,
    drain,
    now,
    onError: failed('build'),
  })

  const building = (name: string) => deployed.toJudge().some((build) => build.app === name)
  const inBackground = inTurn(dokku)
  const compare = reconciler({
    dokku: inBackground,
    knownApps: known.names,
    known: known.find,
    building,
    record: detect,
    drain,
    now,
    onError: failed('reconcile'),
    onFormation(name, at) {
      const app = apps.find(name)
      if (app !== undefined) apps.setFormationRead(app.id, at)
      states.judge(name)
    },
  })

  const idOf = (app: string) => apps.find(app)?.id
  const kept = reportReads(db)
  const keep = keepReport(db)
  const access = accessChanges({
    ...{ access: accessReads(kept), reports: kept, record: detect, now },
    ask: (app, names) => looks.look(app, names),
  })
  const looks = looking({
    dokku: inBackground,
    allowed: options.allowed,
    reserved: options.reserved,
    knownApps: known.names,
    plugins: () => kept.server('plugins')?.body ?? [],
    building,
    viewed: () => live.viewers() > 0,
    idOf,
    keep(app, name, body, at) {
      const id = app === null ? SERVER : idOf(app)
      if (id === undefined) return
      if (app === null) keep(id, name, body, at)
      else access.keeping(app, id, name, () => keep(id, name, body, at))
    },
    globalKeys(keys) {
      if (!known.hasGlobalKeys(keys)) detect([globalKeysSeen(keys, now())])
    },
    changed: (app) => live.publish(app === null ? ['domains', GLOBAL_TOPIC] : [`app:${app}`]),
    now,
    onError: failed('reports'),
  })

  const states = processStates({
    ...{ db, apps, live, dokku, logger, metrics, now, drain },
    record: detect,
    askFormation: compare.lookAtFormation,
    onListed(list) {
      for (const line of list.apps) {
        const app = apps.find(line.app)
        if (app !== undefined) access.listed(app.id, line)
      }
    },
  })

  journal.onRecorded((recorded) => {
    for (const { origin } of recorded) metrics.events.inc({ origin })
    // What another host tells of changes nothing here, whatever its apps are named.
    const own = recorded.filter(({ host }) => host === LOCAL)
    causes.told(own)
    watch.recorded(own)
    compare.recorded(own)
    looks.recorded(own)
    states.recorded(own)
  })

  return {
    async start() {
      box.start()
      // An outbox that cannot be read is in its status; all else goes on without it.
      await box.drain().catch(() => {})
      watch.start()
      await sleep(ANSWERED_FIRST_MS)
      if (stopped) return
      states.start()
      await compare.start()
      if (!stopped) looks.start()
    },
    outbox: box,
    builds: watch,
    reconciler: compare,
    /** How the containers are followed. */
    containers: states.status,
    looks,
    /** Dokku answers again after a time in which it did not: whatever was missed is read now. */
    answersAgain: rereadAll,
    /** What fires no trigger is seen all the same. */
    jobOver(job: EndedJob) {
      const app = subjectOf(job)
      causes.jobOver({ ...job, app })
      looks.ended(job)
      if (job.app !== null) states.changed()
      if (app !== null && UNTOLD.has(job.kind)) compare.look(app)
    },
    async stop() {
      stopped = true
      states.stop()
      await Promise.all([box.stop(), watch.stop(), compare.stop(), looks.stop()])
    },
  }
}

/** Kinds of jobs that change the formation or the lock of an app, of which no trigger tells. */
const UNTOLD: ReadonlySet<string> = new Set(['ps:scale', 'apps:lock', 'apps:unlock', 'builds:cancel'])

interface EndedJob extends JobOfApp {
  readonly payload: unknown
}

const globalKeysSeen = (keys: readonly string[], at: number): Event =>
  seenEvent({
    id: eventId(at, process.pid, 'config'),
    host: LOCAL,
    trigger: 'config-seen',
    at,
    args: [GLOBAL, ...keys],
    // Whoever changed them was told of at once, or before the panel might look.
    note: JSON.stringify({ untold: false }),
  })
