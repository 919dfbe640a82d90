/** An app as Dokku knows it: one row, kept when it is renamed and after it was destroyed. */
import { type AppState, NEEDS_ATTENTION, type StateDetail } from '../processes/process.ts'
import { type Reason, reasonOf } from '../processes/reasons.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import type { Status } from './status.ts'

export interface App {
  readonly id: number
  readonly name: string
  readonly formerName: string | null
  readonly createdAt: number | null
  readonly destroyedAt: number | null
  readonly state: AppState
  readonly stateAt: number | null
  /** Why it is in that state; null: there is no more to say. */
  readonly stateDetail: StateDetail | null
  /** Its owner stopped it: then "stopped" is no trouble. */
  readonly stopped: boolean
  readonly locked: boolean
  /** The panel's own front app. */
  readonly front: boolean
  readonly liveDeploymentId: number | null
  readonly lastDeploymentId: number | null
  /** Outcomes of the last ten deployments that changed something, oldest first: s f c b r. */
  readonly recent: string
  readonly lastEventAt: number | null
  /** When its domains, certificate, formation and config were first read; null: not yet. */
  readonly lookedAt: number | null
  /** When its formation was last read. */
  readonly formationReadAt: number | null
  /** Where nginx's configuration sends its requests; null: not read yet. */
  readonly upstreams: readonly string[] | null
}

/** What the head of every page about one app shows. */
export interface AppHead {
  readonly app: App
  readonly status: Status
  /** Where it answers: its first domain, by https where it has a certificate. */
  readonly url: string | null
  readonly deploying: boolean
  readonly domains: number
  /** What can be done to it from any of its pages, for whoever looks. */
  readonly buttons: (frame: Frame) => Html | ''
}

export interface AppReads {
  /** By name, destroyed ones too. */
  all(): readonly App[]
  /** The app of that name now; else the last destroyed one that had it. */
  named(name: string): App | undefined
  /** The app that had this name before it was renamed. */
  formerly(name: string): App | undefined
  byIds(ids: readonly number[]): ReadonlyMap<number, App>
  /** How many of them `isInTrouble`. */
  countInTrouble(): number
}

/** Whether one of its deployments runs: a restart may have begun and ended meanwhile. */
export const isDeploying = ({ recent }: Pick<App, 'recent'>): boolean => recent.includes('r')

/** The word for what an app is now; a deployment that runs comes before what ran so far. */
export const stateOf = (app: App): string =>
  app.destroyedAt !== null
    ? 'destroyed'
    : // Nothing of it runs in a container, and whoever sees this is answered by it.
      app.front
      ? 'running'
      : isDeploying(app)
        ? 'deploying'
        : app.state

/** Something of it should run and does not; while it is deployed, that is what is being done about it. */
export const isInTrouble = (app: App): boolean =>
  app.destroyedAt === null &&
  !app.front &&
  !isDeploying(app) &&
  (NEEDS_ATTENTION.some((state) => state === app.state) || stoppedUnasked(app))

/** Neither by ps:stop nor by scaling it to 0. */
const stoppedUnasked = ({ state, stopped, stateDetail }: App): boolean =>
  state === 'stopped' && !stopped && stateDetail?.kind !== 'scaled'

/** Whether Dokku was ever asked about it: what rows lack before is not known. */
export const isRead = ({ lookedAt, destroyedAt, front }: App): boolean =>
  lookedAt !== null || destroyedAt !== null || front

/** Whether Dokku was ever asked how many processes it is to have. */
export const isFormationRead = ({ formationReadAt, destroyedAt, front }: App): boolean =>
  formationReadAt !== null || destroyedAt !== null || front

/** An app that visitors reach by its own proxy: not one that is gone, nor the panel's. */
export const hasVisitors = ({ front, destroyedAt }: Pick<App, 'front' | 'destroyedAt'>): boolean =>
  !front && destroyedAt === null

const PLAIN: Readonly<Partial<Record<AppState, string>>> = {
  degraded: 'runs with fewer processes than it should',
  crashed: 'has crashed',
  stopped: 'is not running, and was not stopped by ps:stop',
}

/** What is wrong with an app, as what follows its name. */
export const reasonFor = ({ state, stateDetail }: Pick<App, 'state' | 'stateDetail'>): Reason =>
  stateDetail === null ? { text: PLAIN[state] ?? `is ${state}`, lastAt: null } : reasonOf(stateDetail)

/** It ended again and again: the time of its reason is the last one's. */
export const isRepeated = ({ stateDetail }: Pick<App, 'stateDetail'>): boolean =>
  stateDetail?.kind === 'ended' && stateDetail.ended.loop !== null

/** Groups of states a person filters by. */
export const GROUPS = [
  'running',
  'deploying',
  'trouble',
  'stopped',
  'undeployed',
  'unknown',
  'destroyed',
] as const
export type Group = (typeof GROUPS)[number]

export function groupOf(app: App): Group {
  const state = stateOf(app)
  if (state === 'destroyed' || state === 'deploying') return state
  if (isInTrouble(app)) return 'trouble'
  if (state === 'unknown') return 'unknown'
  return state === 'running' || state === 'starting'
    ? 'running'
    : state === 'not deployed'
      ? 'undeployed'
      : 'stopped'
}

/** The app that puts this panel behind Dokku's nginx: shown and marked, but its builds are nobody's deploys. */
export const FRONT_APP = 'dokkubase'
