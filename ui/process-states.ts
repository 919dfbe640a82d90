/** Follows Docker's containers and keeps the states of processes and apps up to date, deaths and crash loops as events. */
import type { Logger } from 'pino'
import type { appStates } from './apps/states.ts'
import type { Database } from './database/database.ts'
import { imageWatch } from './deployments/imaged.ts'
import type { ContainerLine, ContainerList } from './dokku/container.ts'
import type { Dokku } from './dokku/dokku.ts'
import { type Event, eventId, LOCAL, type RecordedEvent, seenEvent } from './events/event.ts'
import type { Journal } from './journal/journal.ts'
import type { Live } from './live/live.ts'
import type { ProcessEvent } from './processes/losses.ts'
import { type Change, containerRows } from './processes/snapshot.ts'
import { containerWatch } from './reconcile/containers.ts'
import type { Metrics } from './web/metrics.ts'

export interface ProcessStatesOptions {
  readonly db: Database
  readonly apps: ReturnType<typeof appStates>
  readonly live: Pick<Live, 'publish'>
  /** What is noticed goes into the journal. */
  readonly record: Journal['record']
  readonly dokku: Dokku
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly metrics: Pick<Metrics, 'errors'>
  readonly now: () => number
  /** Reads what waits in the outbox. */
  readonly drain: () => Promise<unknown>
  /** Everything was listed. */
  readonly onListed?: (list: ContainerList) => void
  /** An app's formation may be another than what was last read. */
  readonly askFormation: (app: string) => void
}

/** Lists that events ask for: a crash loop starts a container again and again. Milliseconds. */
const LIST_EVERY_MS = 15_000

export function processStates(options: ProcessStatesOptions) {
  const { apps, live, logger, metrics, now } = options
  const rows = containerRows(options.db, apps, now)
  const images = imageWatch(options.db, apps, now)
  const record = (events: readonly Event[]) => void (events.length > 0 && options.record(events))
  let timer: NodeJS.Timeout | undefined
  let listAt = 0
  let isStopped = false

  const changed = ({ apps: names, events, stopped, isUnlisted }: Change): void => {
    record(events.map(eventOf))
    if (names.length > 0) live.publish(['apps', ...names.map((name) => `app:${name}`)])
    for (const name of stopped) options.askFormation(name)
    const listDueAt = isUnlisted ? now() : rows.listDueAt()
    if (listDueAt !== null) watch.changed(Math.max(0, listDueAt - now(), listAt + LIST_EVERY_MS - now()))
    schedule()
  }

  /** Until time alone changes something. */
  const schedule = (): void => {
    clearTimeout(timer)
    const at = rows.dueAt()
    if (at === null || isStopped) return
    timer = setTimeout(pass, Math.max(0, Math.min(at - now(), 3_600_000)))
  }
  const pass = (): void => changed(rows.passed())

  const watch = containerWatch({
    dokku: options.dokku,
    now,
    listed(list) {
      listAt = now()
      const imagesOf = images(list)
      changed(rows.listed(list))
      options.onListed?.(list)
      // Whatever began before the list was read is to be known.
      options.drain().then(
        () => record(imagesOf()),
        () => {},
      )
    },
    happened: (line: ContainerLine) => changed(rows.happened(line)),
    lost: () => changed(rows.unknown()),
    onProblem(error, times) {
      if (error === null) return logger.info({ times }, 'containers are followed again')
      metrics.errors.inc({ type: 'containers' })
      logger.warn({ err: error, times }, 'containers cannot be followed')
    },
  })

  return {
    start: watch.start,
    /** Lists everything again, soon: something may have changed that nothing told of. */
    changed: () => watch.changed(),
    /** Derives the state of an app from what its rows say now. */
    judge: (app: string): void => changed(rows.judge(app)),
    status: watch.status,
    recorded(recorded: readonly RecordedEvent[]) {
      const dueIn = recorded.map(listDueIn).filter((ms) => ms !== null)
      if (dueIn.length > 0) watch.changed(Math.min(...dueIn))
      const names = recorded.flatMap(({ trigger, app }) =>
        app !== null && CHANGES_STATE.has(trigger) ? [app] : [],
      )
      for (const name of new Set(names)) changed(rows.judge(name))
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
      watch.stop()
    },
  }
}

/**
 * When everything is listed after an event, milliseconds; null: it changes neither containers, images nor nginx's
 * configuration. The end of a build that is recorded is told too, mostly right after it went live: a list of its own for
 * each of its triggers would cost a deploy more than all hooks.
 */
function listDueIn({ trigger, buildId }: RecordedEvent): number | null {
  if (buildId !== '' && trigger === 'post-release-builder') return null
  if (buildId !== '' && trigger === 'post-deploy') return ENDS_SOON_MS
  return CHANGES_CONTAINERS.has(trigger) ? 0 : null
}
const ENDS_SOON_MS = 4000

const CHANGES_CONTAINERS: ReadonlySet<string> = new Set([
  'build-ended',
  'post-stop',
  'post-deploy',
  'post-delete',
  'post-release-builder',
  'post-domains-update',
  'post-proxy-ports-update',
])

/** A formation that was seen is judged by whoever read it, with the time of that. */
const CHANGES_STATE: ReadonlySet<string> = new Set([
  'post-create',
  'post-stop',
  'pre-start',
  'post-deploy',
  'build-ended',
])

/** One of several that are of the same moment has an id of its own. */
let numbered = 0
const eventOf = ({ trigger, app, process: name, args, at }: ProcessEvent): Event => {
  numbered = (numbered + 1) % 1_000_000
  return seenEvent({
    id: eventId(at, process.pid, `process-${numbered}`),
    host: LOCAL,
    trigger,
    at,
    args: name === '' ? [app, ...args] : [app, name, ...args],
  })
}
