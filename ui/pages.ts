/** The pages a person reads: which features there are, and what each is handed of the others. */
import { Hono } from 'hono'
import { isInTrouble } from './apps/app.ts'
import { appHeads } from './apps/head.ts'
import { apps } from './apps/routes.ts'
import { appReads } from './apps/table.ts'
import { wantsALook } from './certificates/certificate.ts'
import { certificates } from './certificates/routes.ts'
import { certificateReads } from './certificates/table.ts'
import { configReads } from './config/table.ts'
import type { Database } from './database/database.ts'
import type { LogOfDeployment } from './deployments/page-views.ts'
import { deployments } from './deployments/routes.ts'
import { deploymentReads } from './deployments/table.ts'
import { domains } from './domains/routes.ts'
import { domainReads } from './domains/table.ts'
import { events } from './events/routes.ts'
import { eventReads } from './events/table.ts'
import type { PanelTrouble } from './overview/overview.ts'
import { overview } from './overview/routes.ts'
import { processReads } from './processes/table.ts'
import type { Counts } from './web/frame.ts'

export interface PagesOptions {
  readonly db: Database
  /** The log of a deployment, as the logs feature shows it. */
  readonly log: LogOfDeployment
  /** What is wrong with the panel itself. */
  readonly troubles?: () => readonly PanelTrouble[]
}

export function pages({ db, log, troubles = () => [] }: PagesOptions) {
  const reads = {
    apps: appReads(db),
    deployments: deploymentReads(db),
    domains: domainReads(db),
    certificates: certificateReads(db),
    processes: processReads(db),
    config: configReads(db),
    events: eventReads(db),
  }
  const heads = appHeads(reads)
  return {
    heads,
    /** Numbers in the sidebar, for the frame around every page. */
    counts: (now: number): Counts => ({
      apps: reads.apps.all().filter(isInTrouble).length,
      deployments: reads.deployments.countRunning(),
      certificates: reads.certificates.all().filter((certificate) => wantsALook(certificate, now)).length,
    }),
    routes: new Hono()
      .route('/', overview({ ...reads, troubles }))
      .route('/', apps({ ...reads, heads }))
      .route('/', deployments({ ...reads, heads, log }))
      .route('/', events({ ...reads, heads }))
      .route('/', domains({ ...reads, heads }))
      .route('/', certificates({ ...reads, heads })),
  }
}
