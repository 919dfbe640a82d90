import { Hono } from 'hono'
import * as z from 'zod'
import type { App } from '../apps/app.ts'
import type { AppHeads } from '../apps/head.ts'
import { cronId } from '../dokku/cron-id.ts'
import type { CronEntry, Looks, ReportReads } from '../reports/report.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import { RUN_KINDS } from './command.ts'
import { BY, historyOf, type Run, type RunJob, type ToldRuns } from './run.ts'
import { runPage } from './views.ts'

export interface RunsOptions {
  readonly heads: AppHeads
  readonly reports: ReportReads
  readonly looks: Looks
  readonly jobs: {
    page(
      filter: { readonly app: string; readonly kinds: readonly string[] },
      range: { readonly limit: number },
    ): readonly RunJob[]
  }
  readonly told: ToldRuns
}

const MOST = 50

/** What stands in the address; anything else there is ignored. */
const RunsQuery = z.object({
  by: z.enum(BY).optional().catch(undefined),
  /** Only the runs of this cron entry. */
  entry: z.string().max(2000).optional().catch(undefined),
})
export type RunsQuery = z.infer<typeof RunsQuery>

export const runs = ({ heads, reports, looks, ...reads }: RunsOptions) =>
  new Hono<AppEnv>().get('/apps/:app/run', knownApp(heads), (c) => {
    const { app } = c.get('head')
    const cron = reports.cron(app.id)
    if (app.destroyedAt === null && !app.front) looks.shown(app.name, cron?.at ?? null)
    const query = RunsQuery.parse(c.req.query())
    const runs = runsOf(app, reads)
    const entries = (cron?.body ?? []).map((entry) => ({ ...entry, last: runs.ofEntry(entry, 1)[0] }))
    const entry = entries.find(({ id }) => id === query.entry)
    return c.html(
      runPage(c.get('frame'), c.get('head'), {
        query,
        entry,
        history: entry === undefined ? runs.all(query.by) : runs.ofEntry(entry, MOST),
        cron: entries,
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
  const asked = jobs.page({ app: app.name, kinds: RUN_KINDS }, { limit: MOST })
  const byHand = () => told.ofApp(app.id, 'hand', MOST)
  const byCron = () => told.ofApp(app.id, 'cron', MOST)
  return {
    all(by: RunsQuery['by']): readonly Run[] {
      if (by === 'cron') return historyOf([], byCron(), MOST)
      return historyOf(asked, by === 'hand' ? byHand() : [...byHand(), ...byCron()], MOST)
    },
    ofEntry(entry: CronEntry, most: number): readonly Run[] {
      // The app's name is part of the id: what ran before a rename has another.
      const ids = [app.name, app.formerName].flatMap((name) => (name === null ? [] : cronId(name, entry)))
      const here = asked.filter(({ command }) => command === `dokku cron:run ${app.name} ${entry.id}`)
      const every = [...new Set([entry.id, ...ids])].flatMap((id) => told.ofEntry(app.id, id, most))
      return historyOf(here, every, most)
    },
  }
}
