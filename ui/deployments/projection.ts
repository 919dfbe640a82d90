import { FRONT_APP } from '../apps/app.ts'
import { startTicksOf } from '../builds/process.ts'
import type { Database } from '../database/database.ts'
import { readBuildRecord } from '../dokku/report.ts'
import { actorOf } from '../events/actor.ts'
import type { Event, RecordedEvent } from '../events/event.ts'
import type { Projection } from '../journal/journal.ts'
import type { Topic } from '../live/live.ts'
import { asJudgedNow } from './build-end.ts'
import { APP_DESTROYED, type AppSummary, type DeploymentStatus, kindOf, UNJUDGED } from './deployment.ts'
import { isJudgedBefore, isOfAnother } from './fallback-id.ts'
import { commitIn, endIn, revisionIn, statIn } from './notes.ts'
import { deploymentRows } from './rows.ts'
import type { deployments } from './table.ts'
import { isFirstSign, withToldStep, withToldTimes } from './told-steps.ts'

type Deployment = typeof deployments.$inferSelect

/** How rows of `deployments` follow the journal. Every write is safe to see twice. */
export function deploymentProjection(db: Database, summary: AppSummary): Projection {
  const rows = deploymentRows(db)

  const start = (event: RecordedEvent, appId: number) => {
    const [, buildId = '', pid = '', source = ''] = event.args
    const seen = event.trigger === 'build-seen' ? readBuildRecord(event.note) : null
    const startedAt = Date.parse(seen?.started_at ?? '') || event.at
    if (buildId === '' || rows.isDestroyed(appId)) return undefined
    const known = rows.find(event.host, buildId, appId)
    if (known !== undefined && !isOfAnother(known, startedAt)) return undefined
    if (known !== undefined) rows.releaseId(known)
    return begin(event, appId, {
      buildId,
      source,
      pid,
      stat: event.note,
      logFile: seen?.log_path,
      startedAt,
    })
  }

  /** `ps:rebuild --all` keeps one record for all its apps, under a name of none: each begins with its first sign. */
  const startUntold = (event: RecordedEvent, appId: number) => {
    // Late word of an app that is gone begins nothing.
    if (rows.isDestroyed(appId)) return undefined
    const stat = event.trigger === 'post-extract' ? statIn(event.note) : event.note
    const [pid = ''] = stat.split(' ')
    begin(event, appId, { buildId: event.buildId, source: event.buildSource, pid, stat })
    return rows.find(event.host, event.buildId, appId)
  }

  const begin = (
    event: RecordedEvent,
    appId: number,
    { buildId, source, pid, stat, logFile = event.logFile, startedAt = event.at }: Beginning,
  ) => {
    const id = rows.idAt(startedAt)
    rows.insert({
      id,
      host: event.host,
      appId,
      number: numberOf(appId, id),
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
    summarize(appId)
    return id
  }

  /** Counted in the order they began: one that is heard of late moves the younger ones up. */
  const numberOf = (appId: number, id: number): number => {
    const next = summary.takeNumber(appId)
    return rows.makeRoom(appId, id) ?? next
  }

  const summarize = (appId: number) => {
    const { latest, recent } = rows.summary(appId)
    summary.latest(appId, latest)
    summary.recent(appId, recent)
  }

  const end = (deployment: Deployment, status: DeploymentStatus, at: number | null, exitCode: number) => {
    rows.update(deployment.id, { status, exitCode, endedAt: deployment.endedAt ?? at })
    summarize(deployment.appId)
  }

  /** Its number goes to the next one. */
  const unlist = ({ id, appId, number }: Deployment) => {
    rows.update(id, { number: -id })
    summary.returnNumber(appId, number)
  }

  const goLive = ({ id, appId }: Deployment, at: number) => {
    rows.update(id, { liveAt: at })
    summary.live(appId, id)
  }

  const finalize = (event: RecordedEvent, deployment: Deployment) => {
    const told = event.args[2] ?? ''
    const exitCode = Number(told)
    if (!/^-?\d{1,9}$/.test(told) || deployment.exitCode === exitCode) return
    // What Dokku makes of a build it ended, or whose app it destroyed, is no news.
    if (deployment.status === 'canceled') return
    end(deployment, exitCode === 0 ? 'succeeded' : 'failed', event.at, exitCode)
  }

  const buildEnded = (event: RecordedEvent, deployment: Deployment) => {
    // Whatever else it says: a deployment that is never judged is judged for ever.
    rows.update(deployment.id, { judgedAt: event.at })
    const found = endIn(event.note)
    if (found === null && deployment.status === 'running') {
      end(deployment, 'failed', event.at, -1)
      rows.update(deployment.id, { reason: UNJUDGED })
    }
    if (found === null) return
    const { status, exitCode, failedStep, reason, lines, steps, isEndKnown } = asJudgedNow(found, deployment)
    const known = deployment.status
    const isWhole = known === 'running' || known === status || !TOLD.has(status)
    if (isWhole && known !== status) end(deployment, status, isEndKnown === false ? null : event.at, exitCode)
    if (status === 'skipped' && deployment.source === 'git:sync') unlist(deployment)
    if (isWhole)
      rows.update(deployment.id, {
        failedStep,
        reason,
        reasonLines: lines,
        steps: withToldTimes(steps, deployment.steps),
      })
    // Where a hook before ours fails, such as the one that runs the postdeploy task, post-deploy is never told.
    const live = steps.find(({ step }) => step === 'live')
    const wentLive = status === 'succeeded' || (status === 'failed' && failedStep === null)
    if (deployment.liveAt === null && live !== undefined && wentLive) goLive(deployment, live.at ?? event.at)
  }

  /**
   * Ends what ran, for nothing tells of it any more. A deployment after which another began had ended before: its log
   * says how. Of a rename the new name's row has them, and that is there.
   */
  const appDestroyed = (event: RecordedEvent, appId: number): readonly number[] => {
    if (!rows.isDestroyed(appId)) return []
    const last = rows.summary(appId).latest ?? 0
    const ended = rows.unfinished(appId).filter(({ id }) => id >= last)
    return ended.map((deployment) => {
      end(deployment, 'canceled', event.at, -1)
      rows.update(deployment.id, { failedStep: 'canceled', reason: APP_DESTROYED })
      return deployment.id
    })
  }

  /** The end of a build names the deployment itself; all else names build and app. */
  const deploymentOf = (event: RecordedEvent, appId: number): Deployment | undefined => {
    const named = deploymentNamed(event)
    if (named !== undefined) return named
    const buildId = buildIdOf(event)
    return buildId === '' ? undefined : rows.find(event.host, buildId, appId)
  }

  const deploymentNamed = ({ trigger, args, host }: Event): Deployment | undefined => {
    const [, buildId = '', id = ''] = args
    if (trigger !== 'build-ended' || !/^\d{1,16}$/.test(id)) return undefined
    const row = rows.byId(Number(id))
    return row?.host === host && row.buildId === buildId ? row : undefined
  }

  const change = (event: RecordedEvent, deployment: Deployment) => {
    const { trigger, args, note, at } = event
    const steps = withToldStep(deployment.steps, trigger, at)
    if (steps !== deployment.steps) rows.update(deployment.id, { steps })
    if (trigger === 'builds-record-finalize') finalize(event, deployment)
    else if (trigger === 'build-ended') buildEnded(event, deployment)
    else if (trigger === 'pre-receive-app')
      rows.update(deployment.id, { builder: args[1] ?? '', ...revisionIn(args[3]) })
    else if (trigger === 'post-extract')
      rows.update(deployment.id, { ...revisionIn(args[2]), ...commitIn(note) })
    else if (trigger === 'post-release-builder')
      rows.update(deployment.id, { builder: args[0] ?? '', image: args[2] ?? '' })
    else if (trigger === 'deploy-source-set')
      rows.update(deployment.id, { sourceType: args[1] ?? '', sourceMetadata: args[2] ?? '' })
    else if (trigger === 'post-deploy') goLive(deployment, at)
    else if (trigger === 'image-seen') {
      const code = rows.find(event.host, args[3] ?? '', deployment.appId)
      rows.update(deployment.id, { imageId: args[2] ?? null, codeId: code?.id ?? null })
    } else return false
    return true
  }

  return {
    project(event, appId) {
      if (appId === null || event.app === FRONT_APP) return []
      if (STARTS.has(event.trigger)) {
        const id = start(event, appId)
        return id === undefined ? [] : topicsOf(id)
      }
      if (DESTROYS.has(event.trigger)) return appDestroyed(event, appId).flatMap(topicsOf)
      const found = deploymentOf(event, appId)
      const isEarlier = found !== undefined && isFirstSign(event) && isJudgedBefore(found, event.at)
      if (isEarlier && !rows.isDestroyed(appId)) rows.releaseId(found)
      const known = isEarlier ? undefined : found
      const deployment = known ?? (isFirstSign(event) ? startUntold(event, appId) : undefined)
      if (deployment === undefined || !change(event, deployment)) return []
      return topicsOf(deployment.id)
    },
    /** Of two apps of one name: what is still told of a build is about the app it was begun for. */
    ownerOf(event, app) {
      if (STARTS.has(event.trigger)) return undefined
      const buildId = buildIdOf(event)
      if (buildId === '') return undefined
      return deploymentNamed(event)?.appId ?? rows.owner(event.host, buildId, app)
    },
    rekey(from, into) {
      for (const { id, host, buildId, number } of rows.ofApp(from)) {
        // Both names were told of the same build, as of one of all apps.
        if (rows.find(host, buildId, into)) rows.remove(id)
        else rows.update(id, { appId: into, ...(number > 0 && { number: numberOf(into, id) }) })
      }
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

/** Outcomes Dokku tells itself, by the exit code of a build; all others only a log says. */
const TOLD: ReadonlySet<DeploymentStatus> = new Set(['succeeded', 'failed', 'canceled'])

const STARTS: ReadonlySet<string> = new Set(['builds-record-start', 'build-seen'])
const BUILD_ARGUMENT: ReadonlySet<string> = new Set(['builds-record-finalize', 'build-ended', 'image-seen'])
const DESTROYS: ReadonlySet<string> = new Set(['post-delete', 'app-gone'])

/** The build an event is about; empty: none. */
const buildIdOf = ({ trigger, args, buildId }: Event): string =>
  BUILD_ARGUMENT.has(trigger) ? (args[1] ?? '') : buildId

const topicsOf = (id: number): readonly Topic[] => ['deployments', `deployment:${id}`]
