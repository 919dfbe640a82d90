/** The steps of one deployment as its page shows them. Pure. */
import { type Deployment, type FailedStep, STEPS, type Step, type StepTime } from './deployment.ts'

export interface RailStep {
  readonly step: Step
  readonly state: 'done' | 'now' | 'failed' | 'canceled' | 'skipped' | 'ahead'
  /** When it began, and how long it took so far; null where it never began or no log says so. */
  readonly at: number | null
  readonly took: number | null
  /** Where it begins in the log; null: nowhere. */
  readonly line: number | null
}

type Railed = Pick<Deployment, 'status' | 'steps' | 'failedStep' | 'startedAt' | 'endedAt'>

/** Where each kind of failure stands on the rail; a canceled deploy stops where it was. */
const PLACES: Readonly<Record<FailedStep, Step | null>> = {
  received: 'received',
  build: 'build',
  release: 'release',
  predeploy: 'predeploy',
  checks: 'checks',
  'crash at start': 'checks',
  proxy: 'proxy',
  canceled: null,
}

export function rail(deployment: Railed, now: number): readonly RailStep[] {
  const { status, steps } = deployment
  const endedAt = status === 'running' ? now : deployment.endedAt
  const broke = brokeAt(deployment)
  const reached = STEPS.indexOf(broke ?? lastOf(steps))
  const began = new Map(
    steps.map((step, index) => {
      const until = step.step === broke ? undefined : steps[index + 1]?.at
      return [step.step, { ...step, until: until === undefined ? endedAt : until }] as const
    }),
  )
  return STEPS.map((step, index): RailStep => {
    const known = began.get(step)
    const { at = null, until = null, line = 0 } = known ?? {}
    const place = { at, line: line || null }
    if (index > reached && status === 'running') return { step, state: 'ahead', took: null, ...place }
    if (known === undefined && step !== broke && index > 0)
      return { step, state: 'skipped', took: null, ...place }
    // What began after the one that broke counts as its time: Dokku runs the release task after the predeploy task.
    const took = at === null || until === null || index > reached ? null : Math.max(0, until - at)
    return {
      step,
      state: stateOf(step, { broke, status, isLast: index === reached && known !== undefined }),
      took,
      ...place,
    }
  })
}

const lastOf = (steps: readonly StepTime[]): Step => steps.at(-1)?.step ?? 'received'

/** Null where none did: also of one that failed after it was live, since then each step had gone well. */
function brokeAt({ status, failedStep, steps }: Railed): Step | null {
  const last = lastOf(steps)
  if (status === 'canceled') return last
  if (status !== 'failed') return null
  const place = failedStep && PLACES[failedStep]
  return place ?? (last === 'live' || last === 'retired' ? null : last)
}

const stateOf = (
  step: Step,
  { broke, status, isLast }: { broke: Step | null; status: Deployment['status']; isLast: boolean },
): RailStep['state'] => {
  if (step === broke) return status === 'canceled' ? 'canceled' : 'failed'
  return status === 'running' && isLast ? 'now' : 'done'
}
