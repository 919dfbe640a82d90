/** The pages a person reads: which features there are, and what each is handed of the others. */
import { Hono } from 'hono'
import { html } from 'hono/html'
import { appMenu } from './apps/action-views.ts'
import type { App } from './apps/app.ts'
import { appHeads } from './apps/head.ts'
import { apps } from './apps/routes.ts'
import { appStatuses } from './apps/statuses.ts'
import { appReads } from './apps/table.ts'
import { wantsALook } from './certificates/certificate.ts'
import { certificates } from './certificates/routes.ts'
import { certificateReads } from './certificates/table.ts'
import { configReads } from './config/table.ts'
import type { Database } from './database/database.ts'
import { onFirstUse } from './database/on-first-use.ts'
import { deployButton } from './deployments/action-views.ts'
import { neighborReads } from './deployments/neighbors.ts'
import type { LogOfDeployment } from './deployments/page-views.ts'
import { deployments } from './deployments/routes.ts'
import { runningReads } from './deployments/running-reads.ts'
import { deploymentReads } from './deployments/table.ts'
import { domains } from './domains/routes.ts'
import { domainReads } from './domains/table.ts'
import { events } from './events/routes.ts'
import { eventReads, toldRuns } from './events/table.ts'
import { jobsOfDeployments } from './jobs/of-deployments.ts'
import { jobReads } from './jobs/table.ts'
import type { PanelTrouble } from './overview/overview.ts'
import { overview } from './overview/routes.ts'
import { processButtons } from './processes/action-views.ts'
import { processes } from './processes/routes.ts'
import { processReads } from './processes/table.ts'
import { accessReads } from './properties/access.ts'
import { properties } from './properties/routes.ts'
import { type Looks, NO_LOOKS } from './reports/report.ts'
import { reportReads } from './reports/table.ts'
import { runs } from './runs/routes.ts'
import { search } from './search/routes.ts'
import { searchReads } from './search/table.ts'
import type { Counts, Frame } from './web/frame.ts'
import type { Html } from './web/layout.ts'

/**
 * Everything a page may read, prepared once and when it is first read. `uploadBytes`: how large an archive may be that
 * somebody deploys.
 */
export function pageReads(db: Database, uploadBytes = 100 * 1024 * 1024) {
  const prepared = <Reads extends object>(readsOf: (db: Database) => Reads): Reads =>
    onFirstUse(() => readsOf(db))
  const reports = prepared(reportReads)
  const reads = {
    apps: prepared(appReads),
    deployments: prepared(deploymentReads),
    domains: prepared(domainReads),
    certificates: prepared(certificateReads),
    processes: prepared(processReads),
    config: prepared(configReads),
    events: prepared(eventReads),
    told: prepared(toldRuns),
    jobs: prepared(jobReads),
    jobsOfDeployments: prepared(jobsOfDeployments),
    neighbors: prepared(neighborReads),
    search: prepared(searchReads),
    reports,
    access: accessReads(reports),
  }
  const statuses = appStatuses({ ...reads, running: prepared(runningReads) })
  return { ...reads, statuses, heads: appHeads({ ...reads, statuses, buttons: appButtons(uploadBytes) }) }
}

export type PageReads = ReturnType<typeof pageReads>

/** In the head of every page of an app. */
const appButtons =
  (uploadBytes: number) =>
  (frame: Frame, app: App): Html =>
    html`${deployButton(frame, app, uploadBytes)}${processButtons(frame, app)}${appMenu(frame, app)}`

/** Numbers in the sidebar, for the frame around every page. */
export const countsOf =
  ({ apps, deployments, certificates, jobs }: PageReads) =>
  (now: number): Counts => ({
    apps: apps.countInTrouble(),
    deployments: deployments.countRunning(),
    certificates: certificates.all().filter((certificate) => wantsALook(certificate, now)).length,
    jobs: jobs.countRunning(),
  })

export interface PagesOptions {
  /** The log of a deployment, as the logs feature shows it. */
  readonly log: LogOfDeployment
  /** How a page has Dokku looked at. */
  readonly looks?: Looks
  /** The last lines of what a job's command said. */
  readonly said?: (job: number) => readonly string[]
  /** What is wrong with the panel itself. */
  readonly troubles?: () => readonly PanelTrouble[]
}

export const pages = (
  reads: PageReads,
  { log, looks = NO_LOOKS, said = () => [], troubles = () => [] }: PagesOptions,
) =>
  new Hono()
    .route('/', overview({ ...reads, troubles }))
    .route('/', apps(reads))
    .route('/', deployments({ ...reads, jobs: reads.jobsOfDeployments, log }))
    .route('/', events(reads))
    .route('/', domains({ ...reads, looks }))
    .route('/', certificates({ ...reads, looks, said }))
    .route('/', processes({ ...reads, looks }))
    .route('/', properties({ ...reads, looks }))
    .route('/', runs({ ...reads, looks }))
    .route('/', search(reads))
