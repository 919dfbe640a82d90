import * as z from 'zod'
import { FRONT_APP } from '../apps/app.ts'
import { startTicksOf } from '../builds/process.ts'
import type { Database } from '../database/database.ts'
import { readBuildRecord } from '../dokku/report.ts'
import { actorOf, DEPLOY_SIGNS, type RecordedEvent } from '../events/event.ts'
import type { Projection } from '../journal/journal.ts'
import {
  type AppSummary,
  type BuildEnd,
  type DeploymentStatus,
  kindOf,
  withToldStep,
  withToldTimes,
} from './deployment.ts'
import { deploymentRows } from './rows.ts'
import type { deployments } from './table.ts'

type Deployment = typeof deployments.$inferSelect

/** How rows of `deployments` follow the journal. Every write is safe to see twice. */
export function deploymentProjection(db: Database, summary: AppSummary): Projection {
  const rows = deploymentRows(db)

  const start = (event: RecordedEvent, appId: number) => {
    const [, buildId = '', pid = '', source = ''] = event.args
    const seen = event.trigger === 'build-seen' ? readBuildRecord(event.note) : null
    if (buildId === '' || rows.find(event.host, buildId, appId)) return undefined
    return begin(event, appId, {
      buildId,
      source,
      pid,
      stat: event.note,
      logFile: seen?.log_path,
      startedAt: seen === null ? undefined : Date.parse(seen.started_at),
    })
  }

  /** `ps:rebuild --all` keeps one record for all its apps, under a name of none: each begins with its first sign. */
  const startUntold = (event: RecordedEvent, appId: number) => {
    const stat = event.trigger === 'post-extract' ? (event.note.split('\n')[4] ?? '') : event.note
    const [pid = ''] = stat.split(' ')
    begin(event, appId, { buildId: event.buildId, source: event.buildSource, pid, stat })
    return rows.find(event.host, event.buildId, appId)
  }

  const begin = (
    event: RecordedEvent,
    appId: number,
    { buildId, source, pid, stat, logFile = event.logFile, startedAt = event.at }: Beginning,
  ) => {
    const { id } = rows.insert({
      host: event.host,
      appId,
      number: summary.takeNumber(appId),
      buildId,
      kind: kindOf(source),
      source,
      status: 'running',
      ...actorOf(event),
      fingerprint: event.caller.fingerprint,
      command: event.caller.command,
      pid: /^\d{1,10}$/.test(pid) ? Number(pid) : 0,
      pidStart: startTicksOf(stat),
      logFile,
      startedAt,
    })
    summary.latest(appId, id)
    summary.recent(appId, rows.outcomes(appId))
    return id
  }

  const end = (deployment: Deployment, status: DeploymentStatus, at: number, exitCode: number) => {
    rows.update(deployment.id, { status, exitCode, endedAt: deployment.endedAt ?? at })
    summary.recent(deployment.appId, rows.outcomes(deployment.appId))
  }

  const goLive = ({ id, appId }: Deployment, at: number) => {
    rows.update(id, { liveAt: at })
    summary.live(appId, id)
  }

  const finalize = (event: RecordedEvent, deployment: Deployment) => {
    const told = event.args[2] ?? ''
    const exitCode = Number(told)
    if (!/^-?\d{1,9}$/.test(told) || deployment.exitCode === exitCode) return
    end(deployment, exitCode === 0 ? 'succeeded' : 'failed', event.at, exitCode)
  }

  const buildEnded = (event: RecordedEvent, deployment: Deployment) => {
    const found = BuildEndedNote.safeParse(parseJson(event.note))
    if (!found.success) return
    const { status, exitCode, failedStep, reason, lines, steps } = found.data
    if (deployment.status === 'running') end(deployment, status, event.at, exitCode)
    if (deployment.status === 'running' || deployment.status === status)
      rows.update(deployment.id, {
        failedStep,
        reason,
        reasonLines: lines,
        steps: withToldTimes(steps, deployment.steps),
      })
    rows.update(deployment.id, { judgedAt: event.at })
    // Its post-deploy was never told; its log says that it went live.
    if (deployment.liveAt === null && status === 'succeeded' && steps.some(({ step }) => step === 'live'))
      goLive(deployment, event.at)
  }

  const change = (event: RecordedEvent, deployment: Deployment) => {
    const { trigger, args, note, at } = event
    const steps = withToldStep(deployment.steps, trigger, at)
    if (steps !== deployment.steps) rows.update(deployment.id, { steps })
    if (trigger === 'builds-record-finalize') finalize(event, deployment)
    else if (trigger === 'build-ended') buildEnded(event, deployment)
    else if (trigger === 'pre-receive-app')
      rows.update(deployment.id, { builder: args[1] ?? '', ...revision(args[3]) })
    else if (trigger === 'post-extract') rows.update(deployment.id, { ...revision(args[2]), ...commit(note) })
    else if (trigger === 'post-release-builder')
      rows.update(deployment.id, { builder: args[0] ?? '', image: args[2] ?? '' })
    else if (trigger === 'deploy-source-set')
      rows.update(deployment.id, { sourceType: args[1] ?? '', sourceMetadata: args[2] ?? '' })
    else if (trigger === 'post-deploy') goLive(deployment, at)
    else return false
    return true
  }

  return {
    project(event, appId) {
      if (appId === null || event.app === FRONT_APP) return []
      if (STARTS.has(event.trigger)) {
        const id = start(event, appId)
        return id === undefined ? [] : ['deployments', `deployment:${id}`]
      }
      const buildId = BUILD_ARGUMENT.has(event.trigger) ? (event.args[1] ?? '') : event.buildId
      const known = buildId === '' ? undefined : rows.find(event.host, buildId, appId)
      const deployment = known ?? (isFirstSign(event) ? startUntold(event, appId) : undefined)
      if (deployment === undefined || !change(event, deployment)) return []
      return ['deployments', `deployment:${deployment.id}`]
    },
    rekey(from, into) {
      for (const { id } of rows.ofApp(from))
        rows.update(id, { appId: into, number: summary.takeNumber(into) })
    },
  }
}

interface Beginning {
  readonly buildId: string
  readonly source: string
  readonly pid: string
  /** The line of /proc/PID/stat. */
  readonly stat: string
  readonly logFile?: string | undefined
  readonly startedAt?: number | undefined
}

const SIGNS: ReadonlySet<string> = new Set(DEPLOY_SIGNS)
const isFirstSign = ({ trigger, buildId, buildSource }: RecordedEvent): boolean =>
  SIGNS.has(trigger) && buildId !== '' && buildSource !== ''

const STARTS: ReadonlySet<string> = new Set(['builds-record-start', 'build-seen'])
const BUILD_ARGUMENT: ReadonlySet<string> = new Set(['builds-record-finalize', 'build-ended'])

const StepName = z.enum(['received', 'build', 'release', 'predeploy', 'checks', 'proxy', 'live', 'retired'])
const BuildEndedNote = z.object({
  status: z.enum(['succeeded', 'failed', 'canceled']),
  exitCode: z.number().int(),
  failedStep: z
    .enum([
      'build',
      'release',
      'predeploy',
      'checks',
      'proxy',
      'crash at start',
      'canceled',
      'lock',
      'received',
    ])
    .nullable(),
  reason: z.string(),
  lines: z.array(z.number().int()),
  steps: z.array(z.object({ step: StepName, at: z.number().nullable(), line: z.number().int() })),
}) satisfies z.ZodType<BuildEnd>

const revision = (sha: string | undefined) =>
  sha !== undefined && /^[0-9a-f]{7,64}$/.test(sha) ? { revision: sha } : {}

/** post-extract's note: author, e-mail, date, subject, a line each. */
const commit = (note: string) => {
  const [author = '', , , subject = ''] = note.split('\n')
  return author === '' && subject === '' ? {} : { author, subject }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
