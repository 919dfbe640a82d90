/** How a build ended, from what Dokku said, what happened and what its log says. Pure. */
import { type BuildEnd, hasBuilt } from '../deployments/build-end.ts'
import {
  APP_DESTROYED,
  type DeploymentStatus,
  FAILS_AT,
  type FailedStep,
  type StepTime,
} from '../deployments/deployment.ts'
import { type Ending, ONLY_FETCHED } from '../deployments/ending.ts'
import type { BuildRecord } from '../dokku/report.ts'

/** A deployment whose process was not yet found gone. */
export interface RunningBuild {
  readonly id: number
  readonly host: string
  readonly app: string
  readonly buildId: string
  readonly source: string
  readonly pid: number
  readonly pidStart: string
  readonly logFile: string
  readonly startedAt: number
}

/** What the rows know of a build whose process is gone. */
export interface EndedBuild extends RunningBuild {
  readonly status: DeploymentStatus
  readonly exitCode: number | null
  readonly liveAt: number | null
  readonly builder: string
  /** Why it ended, where that is known; empty otherwise. */
  readonly reason: string
  /** When its app was destroyed, milliseconds since 1970; null: it is there. */
  readonly appDestroyedAt: number | null
}

export interface LogSays {
  readonly failure: {
    /** Null: it broke after the new code was live. */
    readonly step: FailedStep | null
    readonly reason: string
    readonly lines: readonly number[]
  } | null
  /** Where it says that nothing was deployed though nothing failed. */
  readonly ending: Ending | null
  /** Where the log broke off, for a build that ended without a word of why. */
  readonly stopped: { readonly reason: string; readonly lines: readonly number[] } | null
  readonly steps: readonly StepTime[]
  readonly lastWriteAt: number | null
}

/** How a build ended. Dokku's own word counts first, then what happened, then what the log says. */
export function verdictOn(
  build: EndedBuild,
  says: LogSays,
  record: Pick<BuildRecord, 'status' | 'exit_code'> | null,
): BuildEnd {
  const { steps } = says
  const said = says.failure ?? says.stopped
  const reached = steps.at(-1)?.step ?? (build.builder === '' ? 'received' : 'build')
  const recordStatus = record?.status ?? null
  const failed = (exitCode: number): BuildEnd => ({
    status: 'failed',
    exitCode,
    failedStep: says.failure ? says.failure.step : FAILS_AT[reached],
    reason: said?.reason ?? `Ended without a word of why; the last step it reached was ${reached}`,
    lines: said?.lines ?? [],
    steps,
  })
  const succeeded: BuildEnd = {
    status: 'succeeded',
    exitCode: 0,
    failedStep: null,
    reason: '',
    lines: [],
    steps,
  }
  const canceled = (reason: string): BuildEnd => ({
    status: 'canceled',
    exitCode: -1,
    failedStep: 'canceled',
    reason,
    lines: [],
    steps,
  })
  if (build.status === 'canceled') return canceled(build.reason || 'Canceled')
  if (recordStatus === 'canceled') return canceled('Canceled')
  const ending = endingOf(build, says)
  if (ending !== null) {
    const { status, reason, lines } = ending
    const exitCode = build.exitCode ?? record?.exit_code ?? (status === 'refused' ? -1 : 0)
    return { status, exitCode, failedStep: null, reason, lines, steps }
  }
  if (neverBegan(build, says)) return failed(build.exitCode || record?.exit_code || -1)
  if (build.status === 'succeeded') return succeeded
  if (build.status === 'failed') return failed(build.exitCode ?? -1)
  if (build.liveAt !== null || recordStatus === 'succeeded') return succeeded
  if (says.failure === null && says.steps.some(({ step }) => step === 'live')) return succeeded
  // Its record and its log went with the app.
  if (build.appDestroyedAt !== null && says.failure === null) return canceled(APP_DESTROYED)
  return failed(record?.exit_code ?? -1)
}

/** git:sync that could not fetch the code. Dokku may call such a build succeeded, though nothing of it was built. */
const neverBegan = (build: EndedBuild, { failure, steps }: LogSays): boolean =>
  build.source === 'git:sync' &&
  build.liveAt === null &&
  failure?.step === 'received' &&
  !hasBuilt(build.builder, steps)

/** Nothing was deployed and nothing failed. */
function endingOf(build: EndedBuild, { ending, failure, steps }: LogSays): Ending | null {
  if (build.liveAt !== null || failure !== null) return null
  if (ending !== null) return ending.status === 'built' && build.status === 'failed' ? null : ending
  // git:sync without --build fetches and ends: no builder ever ran, and nothing in the log says it failed.
  const built = hasBuilt(build.builder, steps)
  const isGone = build.appDestroyedAt !== null
  return build.source === 'git:sync' && build.status !== 'failed' && !built && !isGone ? ONLY_FETCHED : null
}
