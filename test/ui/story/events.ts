/** How events of a small server read: who comes by which door, what a deploy fires. Used by the seed and by tests. */
import type { BuildEnd } from '../../../ui/deployments/build-end.ts'
import type { FailedStep, StepTime } from '../../../ui/deployments/deployment.ts'
import { type Event, eventId, noCaller } from '../../../ui/events/event.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** People and doors, as the environment of a hook tells them. */
export const PEOPLE = {
  ada: { ...noCaller, sshUser: 'dokku', sshName: 'ada', fingerprint: 'SHA256:ada0', command: 'git-hook' },
  grace: {
    ...noCaller,
    sshUser: 'dokku',
    sshName: 'grace',
    fingerprint: 'SHA256:grace0',
    command: 'git-hook',
  },
  ci: { ...noCaller, sshUser: 'dokku', sshName: 'ci-runner', fingerprint: 'SHA256:ci0', command: 'git-hook' },
  root: { ...noCaller, sshUser: 'root', sshName: 'default', sudoUser: 'root', command: 'config:set' },
  cron: { ...noCaller, sshUser: 'dokku', sshName: 'default', loginUid: '4294967295', command: 'certs:add' },
  panel: { ...noCaller, sshUser: 'dokkubase', sshName: 'admin', command: 'ps:restart' },
} as const
export type Person = keyof typeof PEOPLE

export interface Deploy {
  readonly app: string
  readonly at: number
  readonly who: Person
  readonly source?: string
  readonly revision?: string
  readonly author?: string
  readonly subject?: string
  readonly took?: number
  readonly image?: string
  /** Left out: it ends well. `running`: it has not ended. */
  readonly end?:
    | 'running'
    | 'canceled'
    | 'built'
    | 'skipped'
    | 'refused'
    /** `after live`: the new code serves, and what came after failed. */
    | {
        readonly step: FailedStep | 'after live'
        readonly reason: string
        readonly lines?: readonly number[]
      }
}

type Fired = Pick<Event, 'id' | 'trigger' | 'at' | 'args'>

/** As a hook tells it; what is not said of it is empty. */
export const hookEvent = (event: Fired & Partial<Event>): Event => ({
  host: 'local',
  origin: 'told',
  buildId: '',
  buildSource: '',
  logFile: '',
  caller: noCaller,
  note: '',
  ...event,
})

let count = 0

export const told = (
  at: number,
  who: Person,
  trigger: string,
  args: readonly string[],
  more: Partial<Event> = {},
): Event =>
  hookEvent({
    id: eventId(at, 4000 + (count % 900), String(++count)),
    trigger,
    at,
    args,
    caller: PEOPLE[who],
    ...more,
  })

export const seen = (
  at: number,
  trigger: string,
  args: readonly string[],
  note: unknown = { untold: true },
): Event => ({
  ...told(at, 'root', trigger, args),
  origin: 'seen',
  caller: noCaller,
  note: note === '' ? '' : JSON.stringify(note),
})

/** Every event of one deploy, in the order Dokku fires them. */
export function deploy(plan: Deploy): Event[] {
  const { app, at, who, source = 'git-hook', took = 48 * SECOND, end } = plan
  const buildId = `b${(++count).toString(36)}${at.toString(36)}`
  const more = { buildId, buildSource: source, logFile: `/var/lib/dokku/data/builds/${app}/${buildId}.log` }
  const fire = (after: number, trigger: string, args: readonly string[], note = '') =>
    told(at + after, who, trigger, args, { ...more, note })
  const began = fire(0, 'builds-record-start', [app, buildId, String(20000 + count), source])
  const reached = reachedBy(end)
  const builds = source !== 'ps:restart' && source !== 'config-redeploy' && reached !== 'received'
  const code = builds
    ? [
        fire(900, 'post-extract', [app, '/tmp/work', plan.revision ?? ''], commit(plan)),
        fire(1200, 'pre-receive-app', [app, 'dockerfile', '/tmp/work', plan.revision ?? '']),
      ]
    : []
  // A hook that fails keeps the ones after it from being told: of a release task that fails there is no word.
  const released =
    builds && !['build', 'predeploy', 'release'].includes(reached)
      ? [fire(took * 0.6, 'post-release-builder', ['dockerfile', app, `dokku/${app}:latest`])]
      : []
  const live =
    reached === 'live' && typeof end !== 'object'
      ? [fire(took - 2 * SECOND, 'post-deploy', [app, '', '', 'latest'])]
      : []
  const over = end === 'running' ? [] : [ended(plan, at + took, more, stepsOf(at, took, reached))]
  return [began, ...code, ...released, ...live, ...over]
}

function reachedBy(end: Deploy['end']): string {
  if (typeof end === 'object') return end.step === 'after live' ? 'live' : end.step
  if (end === undefined) return 'live'
  return end === 'skipped' || end === 'refused' ? 'received' : end === 'built' ? 'released' : 'build'
}

const commit = ({ author = 'Ada Lovelace', subject = '', at }: Deploy): string =>
  `${author}\n${author.toLowerCase().replace(/\W+/g, '.')}@example.com\n${Math.floor(at / 1000) - 240}\n${subject}`

function ended({ app, end }: Deploy, at: number, more: Partial<Event>, steps: readonly StepTime[]): Event {
  const good: BuildEnd = { status: 'succeeded', exitCode: 0, failedStep: null, reason: '', lines: [], steps }
  const verdict: BuildEnd =
    typeof end === 'object'
      ? {
          ...good,
          status: 'failed',
          exitCode: 1,
          failedStep: end.step === 'after live' ? null : end.step,
          reason: end.reason,
          lines: end.lines ?? [18],
        }
      : end === 'canceled'
        ? { ...good, status: 'canceled', exitCode: -1, failedStep: 'canceled', reason: 'Canceled' }
        : end === 'built' || end === 'skipped' || end === 'refused'
          ? { ...good, status: end, reason: REASONS[end] }
          : good
  return { ...seen(at, 'build-ended', [app, more.buildId ?? ''], verdict), ...more }
}

const REASONS = {
  built: 'Built, not deployed: skip-deploy is set for this app, or for all',
  skipped: 'Nothing was deployed: Dokku deploys main, a different branch was pushed',
  refused: 'Refused: another deploy of this app was running',
} as const

const PACE = [
  ['received', 0],
  ['build', 0.03],
  ['release', 0.6],
  ['predeploy', 0.63],
  ['checks', 0.72],
  ['proxy', 0.86],
  ['live', 0.95],
  ['retired', 0.98],
] as const
const LAST: Readonly<Record<string, number>> = {
  received: 1,
  build: 2,
  release: 3,
  released: 4,
  predeploy: 4,
  checks: 5,
  'crash at start': 5,
  proxy: 6,
  live: 8,
}

const stepsOf = (at: number, took: number, reached: string): readonly StepTime[] =>
  PACE.slice(0, LAST[reached] ?? 2).map(([step, part], index) => ({
    step,
    at: Math.round(at + took * part),
    line: 1 + index * 6,
  }))
