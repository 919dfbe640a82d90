import { Hono } from 'hono'
import type { AppHeads } from '../apps/head.ts'
import type { JobState } from '../jobs/job.ts'
import type { Looks, ReportReads } from '../reports/report.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import { RUN_KINDS } from './command.ts'
import { runPage } from './views.ts'

/** A job that ran something in a container of the app. */
export interface RunRow {
  readonly id: number
  readonly kind: string
  readonly command: string
  readonly state: JobState
  readonly exitCode: number | null
  readonly reason: string
  readonly who: string
  readonly queuedAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
}

export interface RunsOptions {
  readonly heads: AppHeads
  readonly reports: ReportReads
  readonly looks: Looks
  readonly jobs: {
    page(
      filter: { readonly app: string; readonly kinds: readonly string[] },
      range: { readonly limit: number },
    ): readonly RunRow[]
  }
}

const MOST = 50

export const runs = ({ heads, reports, looks, jobs }: RunsOptions) =>
  new Hono<AppEnv>().get('/apps/:app/run', knownApp(heads), (c) => {
    const { app } = c.get('head')
    const cron = reports.cron(app.id)
    if (app.destroyedAt === null && !app.front) looks.shown(app.name, cron?.at ?? null)
    return c.html(
      runPage(c.get('frame'), c.get('head'), {
        rows: jobs.page({ app: app.name, kinds: RUN_KINDS }, { limit: MOST }),
        cron: cron?.body ?? [],
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
