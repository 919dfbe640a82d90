/** How a build ended, judged once its process is gone. Pure. */
import type { Deployment, DeploymentStatus, FailedStep, StepTime } from './deployment.ts'

/** How a build ended, judged from its process, Dokku's record and its log. */
export interface BuildEnd {
  readonly status: Exclude<DeploymentStatus, 'running'>
  /** -1 where Dokku never told one. */
  readonly exitCode: number
  readonly failedStep: FailedStep | null
  /** One line for people; empty on success. */
  readonly reason: string
  /** Log lines (from 1) that say so. */
  readonly lines: readonly number[]
  readonly steps: readonly StepTime[]
  /** False: no process, log or record says when it ended. Absent: at the time of the event. */
  readonly isEndKnown?: boolean | undefined
}

/** An end as an earlier version recorded it, which knew no outcomes but success, failure and cancel. */
export function asJudgedNow(
  end: BuildEnd | EarlierEnd,
  { source, builder }: { readonly source: string; readonly builder: string },
): BuildEnd {
  const { status, failedStep, reason, steps } = end
  const isLock = failedStep === 'lock'
  if (isLock) return { ...end, status: 'refused', failedStep: null }
  if (failedStep === 'received' && reason.startsWith('Nothing was deployed: Dokku deploys '))
    return { ...end, status: 'skipped', failedStep: null }
  if (status === 'succeeded' && source === 'git:sync' && !hasBuilt(builder, steps))
    return { ...end, failedStep, status: 'skipped' }
  return { ...end, failedStep }
}

/** Whether it came as far as a builder. */
export const hasBuilt = (builder: string, steps: readonly Pick<StepTime, 'step'>[]): boolean =>
  builder !== '' || steps.some(({ step }) => step !== 'received')

/** With the step that an earlier version had for a lock. */
export type EarlierEnd = Omit<BuildEnd, 'failedStep'> & {
  readonly failedStep: BuildEnd['failedStep'] | 'lock'
}

/** Until when it ran. One whose end nobody knows did at its start, no more is sure. */
export const endOf = ({
  status,
  startedAt,
  endedAt,
}: Pick<Deployment, 'status' | 'startedAt' | 'endedAt'>): number =>
  endedAt ?? (status === 'running' ? Number.POSITIVE_INFINITY : startedAt)
