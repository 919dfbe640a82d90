/** Where Dokku cannot make an id for a build it takes the number of its process, which comes again. Pure. */
import type { Deployment } from './deployment.ts'

const FALLBACK_ID = /^pid-\d{1,10}$/
const MINUTE = 60_000

/** Whether a build of this id that begins at this time, milliseconds since 1970, is another one. */
export const isOfAnother = (
  { buildId, startedAt }: Pick<Deployment, 'buildId' | 'startedAt'>,
  at: number,
): boolean => FALLBACK_ID.test(buildId) && at - startedAt > MINUTE

/** The same of a sign of a build, which may come any time until that has ended. */
export const isJudgedBefore = (
  known: Pick<Deployment, 'buildId' | 'startedAt' | 'judgedAt'>,
  at: number,
): boolean => isOfAnother(known, at) && known.judgedAt !== null && at - known.judgedAt > MINUTE
