/** What the panel can ask of Dokku, one line a kind, and what runs it. */
import type { Logger } from 'pino'
import { appKinds } from './apps/command.ts'
import { certificateKinds } from './certificates/command.ts'
import { configKinds } from './config/command.ts'
import type { Database } from './database/database.ts'
import { deploymentKinds } from './deployments/command.ts'
import { type Gate, gateJobs } from './dokku/gate.ts'
import { domainKinds } from './domains/command.ts'
import { driver } from './jobs/driver.ts'
import { type Jobs, jobs } from './jobs/jobs.ts'
import type { Kind } from './jobs/kind.ts'
import type { JobRow } from './jobs/table.ts'
import type { Live } from './live/live.ts'
import { processKinds } from './processes/command.ts'
import { propertyKinds } from './properties/command.ts'
import { reportReads } from './reports/table.ts'
import { reservedHere } from './reserved.ts'
import { runKinds } from './runs/command.ts'
import type { Settings } from './settings.ts'

const KINDS: readonly Kind[] = [
  ...appKinds,
  ...deploymentKinds,
  ...certificateKinds,
  ...domainKinds,
  ...processKinds,
  ...propertyKinds,
  ...runKinds,
]

export interface ActionsOptions {
  readonly settings: Pick<Settings, 'data' | 'redis' | 'gate'>
  readonly db: Database
  readonly live: Pick<Live, 'publish'>
  readonly gate: Gate
  readonly logger: Pick<Logger, 'warn'>
  readonly onOver: (job: JobRow) => void
}

export const actions = async ({ settings, db, live, gate, logger, onOver }: ActionsOptions): Promise<Jobs> =>
  jobs({
    db,
    live,
    kinds: [...KINDS, ...configKinds(reservedHere(settings, reportReads(db)))],
    gate: gateJobs(gate),
    inputs: `${settings.data}/jobs`,
    outputs: gate.jobs,
    queue: await driver(db, settings.redis),
    onOver,
    onError: (error) => logger.warn({ err: error }, 'a job met something unexpected'),
  })
