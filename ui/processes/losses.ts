/** Keeps how processes ended, and says which of it is worth an event: a crash loop is two, however long it goes on. */
import { afterDeath, afterOom, noDeaths, stableMs } from './deaths.ts'
import { liveState, OOM_MS } from './following.ts'
import { hasGivenUp } from './judging.ts'
import { type Container, type Death, type Deaths, deathsOf, processOf } from './process.ts'
import type { SnapshotRows } from './snapshot-rows.ts'

/** Something about a process that becomes an event of the journal, after app and process in its arguments. */
export interface ProcessEvent {
  readonly trigger:
    | 'container-died'
    | 'container-oom'
    | 'crash-loop-began'
    | 'crash-loop-ended'
    | 'proxy-stale'
    | 'proxy-mended'
  readonly app: string
  /** web.1; empty: of the app. */
  readonly process: string
  readonly args: readonly string[]
  readonly at: number
}

interface AppOfLosses {
  readonly id: number
  readonly name: string
}

/** How a loop ended. */
export type LoopEnd = 'stable' | 'stopped' | 'replaced' | 'gave up'

export function losses(rows: SnapshotRows, now: () => number) {
  const event = (
    trigger: ProcessEvent['trigger'],
    app: AppOfLosses,
    process: string,
    at: number,
    ...args: readonly (string | number)[]
  ): ProcessEvent => ({ trigger, app: app.name, process, at, args: args.map(String) })

  const ended = (app: AppOfLosses, process: string, { loop }: Deaths, how: LoopEnd): ProcessEvent =>
    event('crash-loop-ended', app, process, now(), loop?.deaths ?? 0, how)

  /** What became of a loop; null: it goes on. */
  const endOf = (deaths: Deaths, process: string, all: readonly Container[]): LoopEnd | null => {
    const own = all.find(({ id }) => id === deaths.containerId)
    const another = all.some(
      (each) => each.id !== own?.id && processOf(each) === process && each.state === 'running',
    )
    if (own === undefined || another || liveState(own.name) === 'retiring') return 'replaced'
    if (own.state === 'exited' || own.state === 'retiring') return 'stopped'
    if (own.state === 'crashed') return hasGivenUp(own) ? 'gave up' : null
    return own.state === 'running' && now() - own.since >= stableMs(deaths) ? 'stable' : null
  }

  return {
    /** `isKnown`: the container was known before; what it did until then is no news. */
    died(app: AppOfLosses, container: Container, death: Death, isKnown: boolean): readonly ProcessEvent[] {
      const process = processOf(container)
      const before = rows.deaths(app.id).get(process)
      const own = before?.containerId === container.id ? before : noDeaths(container.id)
      const events: ProcessEvent[] =
        before !== undefined && before !== own && isGoingOn(before)
          ? [ended(app, process, before, 'replaced')]
          : []
      const { deaths, news } = afterDeath(own, death)
      const isOver = container.state === 'running' && now() - container.since >= stableMs(deaths)
      rows.keepDeaths(app.id, process, isOver && news === 'loop' ? { ...deaths, loop: null } : deaths)
      const { loop } = deaths
      const { exitCode, memory, count, at } = death
      const kind = memory ? 'memory' : ''
      if (news === 'loop' && loop !== null && !isOver)
        events.push(event('crash-loop-began', app, process, at, loop.deaths, loop.memory, loop.since))
      else if (news !== null && isKnown)
        events.push(
          event('container-died', app, process, at, exitCode ?? '', kind, ...(count > 1 ? [count] : [])),
        )
      return events
    },

    /** Started again by somebody after Docker had given up: its deaths are counted anew. */
    startedByHand(appId: number, container: Container): void {
      const process = processOf(container)
      if (container.restarts === 0 && deathsOf(container, rows.deaths(appId)) !== undefined)
        rows.forgetDeaths(appId, process)
    },

    /** Ends the loops that are over, and tells of kills for memory that a container survived. */
    settled(app: AppOfLosses, all: readonly Container[]): readonly ProcessEvent[] {
      const events: ProcessEvent[] = []
      for (const container of all) {
        if (container.oomAt === null || now() - container.oomAt < OOM_MS) continue
        rows.put({ ...container, oomAt: null })
        if (container.state !== 'running') continue
        const process = processOf(container)
        const own = deathsOf(container, rows.deaths(app.id)) ?? noDeaths(container.id)
        const { deaths, isNews } = afterOom(own, container.oomAt)
        rows.keepDeaths(app.id, process, deaths)
        if (isNews)
          events.push(event('container-oom', app, process, container.oomAt, deaths.ooms?.count ?? 1))
      }
      for (const [process, deaths] of rows.deaths(app.id)) {
        const how = endOf(deaths, process, all)
        if (isGoingOn(deaths) && how !== null) events.push(ended(app, process, deaths, how))
        if (how === 'replaced' || how === 'stopped') rows.forgetDeaths(app.id, process)
        else if (how === 'stable' && deaths.loop !== null)
          rows.keepDeaths(app.id, process, { ...deaths, loop: null })
        else if (how === 'gave up' && isGoingOn(deaths))
          rows.keepDeaths(app.id, process, {
            ...deaths,
            loop: deaths.loop && { ...deaths.loop, isOver: true },
          })
      }
      return events
    },

    /** When one of these is to be looked at again: a kill for memory that no death has followed yet. */
    dueAt(all: readonly Container[]): number | null {
      const at = all.flatMap(({ oomAt }) => (oomAt === null ? [] : oomAt + OOM_MS))
      return at.length === 0 ? null : Math.min(...at)
    },
  }
}

/** A loop whose end has not been told. */
const isGoingOn = ({ loop }: Deaths): boolean => loop !== null && loop.isOver !== true
