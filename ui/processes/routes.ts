import { Hono } from 'hono'
import type { AppHeads } from '../apps/head.ts'
import { type ConfigReads, configNotApplied, SERVER } from '../config/config.ts'
import { type AppReport, type Looks, type ReportReads, reported } from '../reports/report.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import type { ProcessReads } from './process.ts'
import { processesPage } from './views.ts'

export interface ProcessesOptions {
  readonly heads: AppHeads
  readonly processes: ProcessReads
  readonly config: Pick<ConfigReads, 'ofApp'>
  readonly reports: ReportReads
  readonly looks: Looks
}

/** What of Dokku's reports this page shows. */
const SHOWN: readonly AppReport[] = ['ps', 'checks', 'resource']

export const processes = ({ heads, processes, config, reports, looks }: ProcessesOptions) =>
  new Hono<AppEnv>().get('/apps/:app/processes', knownApp(heads), (c) => {
    const { app } = c.get('head')
    const at = reports.oldest(app.id, SHOWN)
    if (app.destroyedAt === null) looks.shown(app.name, at)
    const ps = reports.facts(app.id, 'ps')?.body
    const checks = reports.facts(app.id, 'checks')?.body
    const containers = processes.containers(app.id)
    return c.html(
      processesPage(c.get('frame'), c.get('head'), {
        formation: processes.formation(app.id),
        containers,
        deaths: processes.deaths(app.id),
        held: reported(ps, 'can-scale') === 'false',
        ps,
        checks,
        resource: reports.facts(app.id, 'resource')?.body,
        config: configNotApplied({ own: config.ofApp(app.id), global: config.ofApp(SERVER) }, containers),
        looked: {
          app: app.name,
          tab: 'processes',
          at,
          isLooking: looks.isLooking(app.name),
          deploying: c.get('head').deploying,
        },
      }),
    )
  })
