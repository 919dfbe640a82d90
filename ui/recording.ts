import { appOfEvent, appProjection, appSummary } from './apps/projection.ts'
import { certificateProjection } from './certificates/projection.ts'
import { configProjection } from './config/projection.ts'
import type { Database } from './database/database.ts'
import { onFirstUse } from './database/on-first-use.ts'
import { deploymentProjection } from './deployments/projection.ts'
import { domainProjection } from './domains/projection.ts'
import { type Journal, journal } from './journal/journal.ts'
import type { Live } from './live/live.ts'
import { processProjection } from './processes/projection.ts'

/** The journal with every feature that follows it. A replay into an empty database goes through the same. */
export const recording = (
  db: Database,
  live: Pick<Live, 'publish'>,
  now?: () => number,
  onListenerError?: (error: unknown) => void,
): Journal =>
  journal(
    db,
    live,
    appOfEvent(db),
    [
      onFirstUse(() => appProjection(db)),
      onFirstUse(() => deploymentProjection(db, appSummary(db))),
      onFirstUse(() => domainProjection(db)),
      onFirstUse(() => certificateProjection(db)),
      onFirstUse(() => configProjection(db)),
      onFirstUse(() => processProjection(db)),
    ],
    now,
    onListenerError,
  )
