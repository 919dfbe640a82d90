import { Hono } from 'hono'
import type { App } from '../apps/app.ts'
import type { AppHeads } from '../apps/head.ts'
import { cronId } from '../dokku/cron-id.ts'
import type { CronEntry, Looks, ReportReads } from '../reports/report.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import { RUN_KINDS } from './command.ts'
import { MOST, PAGE, RunsQuery } from './list.ts'
import {
  historyOf,
  type PageOfRuns,
  pageOf,
  type Run,
  type RunJob,
  type ToldRange,
  type ToldRun,
  type ToldRuns,
} from './run.ts'
import { nextRun, serverZone } from './schedule.ts'
import { runPage } from './views.ts'

export interface RunsOptions {
  readonly heads: AppHeads
  readonly reports: ReportReads
  readonly looks: Looks
  readonly jobs: {
    page(
      filter: {
        readonly app: string
        readonly kinds: readonly string[]
        readonly command?: string
        readonly queuedBefore: number | undefined
      },
      range: { readonly limit: number },
    ): readonly RunJob[]
  }
  readonly told: ToldRuns
}

export const runs = ({ heads, reports, looks, ...reads }: RunsOptions) =>
  new Hono<AppEnv>().get('/apps/:app/run', knownApp(heads), (c) => {
    const { app } = c.get('head')
    const cron = reports.cron(app.id)
    if (app.destroyedAt === null && !app.front) looks.shown(app.name, cron?.at ?? null)
    const query = RunsQuery.parse(c.req.query())
    const runs = runsOf(app, reads)
    const { now } = c.get('frame')
    const zone = serverZone()
    const entries = (cron?.body ?? []).map((entry) => ({
      ...entry,
      last: runs.lastOf(entry),
      next: entry.suspended || entry.appSuspended ? null : nextRun(entry.schedule, now, zone),
    }))
    const entry = entries.find(({ id }) => id === query.entry)
    const { before, downTo } = query
    const range = { before, limit: downTo === undefined ? 2 * PAGE : MOST }
    const history = entry === undefined ? runs.all(query.by, range) : runs.ofEntry(entry, range)
    return c.html(
      runPage(c.get('frame'), c.get('head'), {
        query,
        entry,
        history: downTo === undefined ? pageOf(history, PAGE) : downToTime(history, downTo),
        cron: entries,
        zone,
        looked: {
          app: app.name,
          tab: 'run',
          at: cron?.at ?? null,
          isLooking: looks.isLooking(app.name),
          deploying: c.get('head').deploying,
        },
      }),
    )
  })

function runsOf(app: App, { jobs, told }: Pick<RunsOptions, 'jobs' | 'told'>) {
  const requested = ({ before, limit }: Range, command?: string) =>
    jobs.page(
      { app: app.name, kinds: RUN_KINDS, queuedBefore: before, ...(command !== undefined && { command }) },
      { limit },
    )
  // What Dokku told of a job came later than it was requested, and says how it ended.
  const toldBefore = ({ before }: Range, found: readonly RunJob[]) =>
    before === undefined ? Number.MAX_SAFE_INTEGER : Math.max(before, ...found.map(endOf))
  const merged = (range: Range, found: readonly RunJob[], all: readonly ToldRun[]) =>
    historyOf(found, all).filter(({ at }) => range.before === undefined || at < range.before)
  const lately = requested({ limit: PAGE })
  const toldOf = (entry: CronEntry, at: ToldRange): readonly ToldRun[] => {
    // The app's name is part of the id: what ran before a rename has another.
    const ids = [app.name, app.formerName].flatMap((name) => (name === null ? [] : cronId(name, entry)))
    return [...new Set([entry.id, ...ids])].flatMap((id) => told.ofEntry(app.id, id, at))
  }
  const commandOf = ({ id }: CronEntry): string => `dokku cron:run ${app.name} ${id}`
  return {
    all(by: RunsQuery['by'], range: Range): readonly Run[] {
      const found = by === 'cron' ? [] : requested(range)
      const at = { before: toldBefore(range, found), limit: range.limit }
      const byHand = by === 'cron' ? [] : told.ofApp(app.id, 'hand', at)
      const byCron = by === 'hand' ? [] : told.ofApp(app.id, 'cron', at)
      return merged(range, found, [...byHand, ...byCron])
    },
    ofEntry(entry: CronEntry, range: Range): readonly Run[] {
      const found = requested(range, commandOf(entry))
      return merged(range, found, toldOf(entry, { before: toldBefore(range, found), limit: range.limit }))
    },
    /** Of the newest jobs and of all that was told. */
    lastOf(entry: CronEntry): Run | undefined {
      const command = commandOf(entry)
      const found = lately.filter((job) => job.command === command)
      return historyOf(found, toldOf(entry, { before: Number.MAX_SAFE_INTEGER, limit: 1 }))[0]
    },
  }
}

interface Range {
  readonly before?: number | undefined
  readonly limit: number
}

const endOf = ({ endedAt }: RunJob): number => (endedAt ?? 0) + 1

const downToTime = (runs: readonly Run[], downTo: number): PageOfRuns => {
  const some = runs.filter(({ at }) => at >= downTo)
  return { runs: some, more: runs.length > some.length }
}
