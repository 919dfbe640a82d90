/** Steps of a deploy that triggers told, beside those its log shows. Pure. */
import { DEPLOY_SIGNS, type Event } from '../events/event.ts'
import { lookup } from '../web/lookup.ts'
import type { Step, StepTime } from './deployment.ts'

/** Triggers that say by themselves how far a deploy has come. */
const STEP_OF_TRIGGER = lookup<Step>({
  'post-extract': 'received',
  'pre-receive-app': 'build',
  'post-release-builder': 'checks',
  'post-deploy': 'live',
})

/** The steps with one more told by a trigger; the first word of a step stands. */
export function withToldStep(steps: readonly StepTime[], trigger: string, at: number): readonly StepTime[] {
  const step = STEP_OF_TRIGGER.get(trigger)
  if (step === undefined || steps.some((known) => known.step === step)) return steps
  return [...steps, { step, at, line: 0 }]
}

/** The steps a log shows, with the times triggers told where the log was read too late to know them. */
export const withToldTimes = (read: readonly StepTime[], told: readonly StepTime[]): readonly StepTime[] =>
  read.map((step) => ({ ...step, at: step.at ?? told.find((known) => known.step === step.step)?.at ?? null }))

const SIGNS: ReadonlySet<string> = new Set(DEPLOY_SIGNS)
/** Whether an event tells of a deploy that may have begun unheard of. */
export const isFirstSign = ({ trigger, buildId, buildSource }: Event): boolean =>
  SIGNS.has(trigger) && buildId !== '' && buildSource !== ''
