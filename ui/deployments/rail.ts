/** The steps of one deployment as its page shows them. Pure. */
import { type Deployment, type FailedStep, STEPS, type Step } from './deployment.ts'

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
  lock: 'received',
  build: 'build',
  release: 'release',
  predeploy: 'predeploy',
  checks: 'checks',
  'crash at start': 'checks',
  proxy: 'proxy',
  canceled: null,
}

export function rail(deployment: Railed, now: number): readonly RailStep[] {
  const { status, steps, failedStep, endedAt } = deployment
  const began = new Map(
    steps.map((step, index) => {
      const next = steps[index + 1]
      return [step.step, { ...step, until: next === undefined ? (endedAt ?? now) : next.at }] as const
    }),
  )
  const last = steps.at(-1)?.step ?? 'received'
  const broke =
    status === 'failed' ? ((failedStep && PLACES[failedStep]) ?? last) : status === 'canceled' ? last : null
  const reached = STEPS.indexOf(broke ?? last)
  return STEPS.map((step, index) => {
    const known = began.get(step)
    return {
      step,
      state: stateOf(step, index, { reached, broke, status, known: known !== undefined }),
      at: known?.at ?? null,
      took: known && known.at !== null && known.until !== null ? Math.max(0, known.until - known.at) : null,
      line: known?.line || null,
    }
  })
}

function stateOf(
  step: Step,
  index: number,
  {
    reached,
    broke,
    status,
    known,
  }: { reached: number; broke: Step | null; status: Deployment['status']; known: boolean },
): RailStep['state'] {
  if (step === broke) return status === 'canceled' ? 'canceled' : 'failed'
  if (index > reached) return status === 'running' ? 'ahead' : 'skipped'
  if (!known) return index === 0 ? 'done' : 'skipped'
  return status === 'running' && index === reached ? 'now' : 'done'
}
