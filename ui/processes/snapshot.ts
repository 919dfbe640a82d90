/**
 * What Docker has now, as rows, and the states of apps that follow from it: a dated snapshot, not part of the replay.
 * What must not be forgotten, a death and a crash loop, becomes an event.
 */
import type { Database } from '../database/database.ts'
import type { AppLine, ContainerLine, ContainerList } from '../dokku/container.ts'
import { follow, type ToldLine } from './following.ts'
import { judge, type Observed, type Verdict } from './judging.ts'
import { losses, type ProcessEvent } from './losses.ts'
import type { AppState, Container } from './process.ts'
import { snapshotRows } from './snapshot-rows.ts'

/** What the states of processes need of their app's row; the apps feature offers it. */
export interface AppStates {
  find(name: string): AppOfStates | undefined
  byId(id: number): AppOfStates | undefined
  /** The app that had this name before it was renamed. */
  formerly(name: string): AppOfStates | undefined
  every(): readonly { readonly id: number; readonly name: string }[]
  setState(appId: number, verdict: Pick<Verdict, 'state' | 'detail'>, at: number): void
  setNext(appId: number, next: Omit<AppLine, 'app' | 'current' | 'access'> | null): void
}

interface AppOfStates
  extends Pick<
    Observed,
    | 'stopped'
    | 'deployed'
    | 'deploying'
    | 'formationReadAt'
    | 'scheduler'
    | 'proxy'
    | 'webListener'
    | 'upstreams'
    | 'stateDetail'
  > {
  readonly id: number
  readonly name: string
  readonly state: AppState
}

/** What a list, an event or the time changed. */
export interface Change {
  /** Names of the apps whose rows may have changed. */
  readonly apps: readonly string[]
  readonly events: readonly ProcessEvent[]
  /** Names of the apps of which a process was stopped by request: their formation may be another. */
  readonly stopped: readonly string[]
  /** A container that no list has told of yet: its image and its address are not known. */
  readonly isUnlisted: boolean
}

/** An app that nginx sends no requests to may be sent some again, of which no event tells. Milliseconds. */
const RELIST_MS = 60_000

const NOTHING: Change = { apps: [], events: [], stopped: [], isUnlisted: false }

export function containerRows(db: Database, apps: AppStates, now: () => number) {
  const rows = snapshotRows(db)
  const lost = losses(rows, now)
  const strays = strayEvents(now)
  const due = new Map<number, number>()
  const listDue = new Map<number, number>()
  /** By app: the last event of one of its containers, as Docker dates it. */
  const happenedAt = new Map<number, number>()
  let isListed = false
  let listedAt = 0

  /** Derives the state of an app anew. */
  const judgeApp = (app: AppOfStates | undefined, events: ProcessEvent[]): string[] => {
    if (app === undefined) return []
    events.push(...lost.settled(app, rows.ofApp(app.id)))
    const containers = rows.ofApp(app.id)
    const isListOld = (happenedAt.get(app.id) ?? 0) > listedAt
    const { state, detail, dueAt, wantsList } = judge({
      ...{ ...app, isListOld },
      containers,
      formation: rows.formation(app.id),
      deaths: rows.deaths(app.id),
      listed: isListed,
      now: now(),
    })
    const next = [dueAt, lost.dueAt(containers)].filter((at) => at !== null)
    if (next.length > 0) due.set(app.id, Math.min(...next))
    else due.delete(app.id)
    if (wantsList) listDue.set(app.id, isListOld ? now() : listedAt + RELIST_MS)
    else listDue.delete(app.id)
    events.push(...strays(app, { state, detail }, containers))
    apps.setState(app.id, { state, detail }, now())
    return [app.name]
  }

  /** A container keeps the label of the name its app had when it was made: what is known of it comes first. */
  const ownerOf = (line: ContainerLine, before: Container | undefined) =>
    (before && apps.byId(before.appId)) ?? apps.find(line.app) ?? apps.formerly(line.app)

  const apply = (line: ToldLine, events: ProcessEvent[], told?: AppLine) => {
    const before = rows.find(line.id)
    const app = ownerOf(line, before)
    const appId = app?.id ?? before?.appId
    if (appId === undefined) return { app, isStopped: false, isUnlisted: false }
    const { after, death, stopped } = follow(appId, before, line, told)
    if (after === null) rows.remove(line.id)
    else rows.put(after)
    if (app !== undefined && after !== null && death !== null)
      events.push(...lost.died(app, after, death, before !== undefined))
    if (line.action === 'start' && app !== undefined && before?.state === 'crashed' && after !== null)
      lost.startedByHand(app.id, after)
    const isUnlisted = after !== null && line.action === 'start' && app !== undefined
    return { app, isStopped: stopped, isUnlisted }
  }

  const judgeAll = (events: ProcessEvent[]) =>
    apps.every().flatMap(({ name }) => judgeApp(apps.find(name), events))

  return {
    /** Derives the state of an app from what its row says now. */
    judge: (name: string): Change =>
      db.transaction(() => {
        const events: ProcessEvent[] = []
        return { ...NOTHING, apps: judgeApp(apps.find(name), events), events }
      }),
    /** Everything there is. */
    listed: (list: ContainerList): Change =>
      db.transaction(() => {
        const events: ProcessEvent[] = []
        const told = new Map(list.apps.map((line) => [line.app, line]))
        isListed = true
        listedAt = list.readAt
        rows.removeOthers(
          list.containers.map(({ id }) => id),
          list.readAt,
        )
        for (const line of list.containers)
          apply({ ...line, listedAt: list.readAt }, events, told.get(line.app))
        const every = apps.every()
        rows.forgetOthers(every.map(({ id }) => id))
        for (const { id, name } of every) apps.setNext(id, told.get(name) ?? null)
        return { ...NOTHING, apps: judgeAll(events), events }
      }),
    happened: (line: ContainerLine): Change =>
      db.transaction(() => {
        const events: ProcessEvent[] = []
        const { app, isStopped, isUnlisted } = apply(line, events)
        if (app !== undefined) happenedAt.set(app.id, Math.max(line.at, happenedAt.get(app.id) ?? 0))
        const changed = judgeApp(app, events)
        return { apps: changed, events, stopped: isStopped ? changed : [], isUnlisted }
      }),
    /** Docker does not list its containers: how any of them is, is not known. */
    unknown: (): Change =>
      db.transaction(() => {
        const events: ProcessEvent[] = []
        isListed = false
        return { ...NOTHING, apps: judgeAll(events), events }
      }),
    /** When time alone changes a state next; null: never. */
    dueAt: (): number | null => (due.size === 0 ? null : Math.min(...due.values())),
    /** When everything is to be listed though no event asks for it; null: never. */
    listDueAt: (): number | null => (listDue.size === 0 ? null : Math.min(...listDue.values())),
    /** Derives the states anew that time has changed. */
    passed: (): Change =>
      db.transaction(() => {
        const events: ProcessEvent[] = []
        const passed = [...due].filter(([, at]) => at <= now()).map(([id]) => id)
        for (const id of passed) due.delete(id)
        return { ...NOTHING, apps: passed.flatMap((id) => judgeApp(apps.byId(id), events)), events }
      }),
  }
}

/** Tells of an app that becomes unreachable, once for each address, and of one that is reached again. */
function strayEvents(now: () => number) {
  const told = new Map<number, string>()
  return (
    { id, name, state: before }: AppOfStates,
    { state, detail }: Pick<Verdict, 'state' | 'detail'>,
    containers: readonly Container[],
  ): readonly ProcessEvent[] => {
    const event = (trigger: 'proxy-stale' | 'proxy-mended', args: readonly string[]): ProcessEvent[] => [
      { trigger, app: name, process: '', at: now(), args },
    ]
    if (detail?.kind === 'unreachable') {
      const { addresses } = detail
      const isNews = told.get(id) !== addresses.join() && (told.has(id) || before !== 'unreachable')
      told.set(id, addresses.join())
      return isNews ? event('proxy-stale', addresses) : []
    }
    // In between it may have ended; and where it is now is known once it was listed.
    const isPlaced = containers.every((each) => each.state !== 'running' || each.addresses.length > 0)
    if ((state !== 'running' && state !== 'degraded') || !isPlaced) return []
    return told.delete(id) || before === 'unreachable' ? event('proxy-mended', []) : []
  }
}
