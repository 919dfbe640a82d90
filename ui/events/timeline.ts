/** The journal as people read it: what counts as one thing, by kind, by day. */
import { startOfDay } from '../web/format.ts'
import type { RecordedEvent } from './event.ts'

/** A recorded event with who did it, as it was worked out when it was recorded. */
export interface TimelineEvent extends RecordedEvent {
  readonly appId: number | null
  /** Id of the build that it is the beginning of; empty: of none. */
  readonly begins: string
  readonly actor: string
  readonly door: string
}

/** What a person filters by. */
export const KINDS = {
  deployments: ['builds-record-start', 'build-seen'],
  config: ['post-config-update'],
  domains: ['post-domains-update', 'domains-seen'],
  certificates: ['post-certs-update', 'post-certs-remove', 'certificate-seen'],
  processes: [
    'post-stop',
    'scheduler-post-run',
    'retire-container-failed',
    'container-died',
    'container-oom',
    'crash-loop-began',
    'crash-loop-ended',
    'proxy-stale',
    'proxy-mended',
    'access-seen',
    'formation-seen',
    'lock-seen',
  ],
  apps: [
    'post-create',
    'post-delete',
    'post-app-rename',
    'post-app-clone-setup',
    'post-proxy-ports-update',
    'app-seen',
    'app-gone',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type Kind = keyof typeof KINDS

/** What the panel notices by itself; `build-ended` is no more than the end of what was told. */
export const NOTICED = [
  'access-seen',
  'app-seen',
  'app-gone',
  'build-seen',
  'certificate-seen',
  'container-died',
  'container-oom',
  'crash-loop-began',
  'crash-loop-ended',
  'proxy-stale',
  'proxy-mended',
  'detection-limited',
  'domains-seen',
  'events-missed',
  'formation-seen',
  'lock-seen',
] as const

export interface EventFilter {
  readonly appId?: number
  readonly kind?: Kind
  readonly actor?: string
  /** Only what no trigger told. */
  readonly seen?: boolean
}

export interface EventReads {
  /**
   * Newest first, a deploy's events folded into the one that began it. Where Dokku started no record for it, that is the
   * first sign of it.
   */
  page(
    filter: EventFilter,
    range: { before?: number; downTo?: number; limit: number },
  ): readonly TimelineEvent[]
  /** What was folded, in the order it happened. `appId`: one build may be of several apps. */
  ofBuild(host: string, buildId: string, appId: number): readonly TimelineEvent[]
  one(seq: number): TimelineEvent | undefined
  /** Who caused some of all events, or of the newest of one app. */
  actors(appId?: number): readonly string[]
}

/** Whether nobody told us: noticed by comparing with Dokku, Docker or a process, and not what a job of ours did. */
export const isUntold = ({ origin, trigger, caller }: RecordedEvent): boolean =>
  origin === 'seen' && trigger !== 'build-ended' && trigger !== 'image-seen' && caller.command === ''

/** Consecutive events of one day (UTC), in the order given. */
export function byDay<T extends { readonly at: number }>(
  events: readonly T[],
): readonly (readonly [number, readonly T[]])[] {
  const days: [number, T[]][] = []
  for (const event of events) {
    const day = startOfDay(event.at)
    const last = days.at(-1)
    if (last?.[0] === day) last[1].push(event)
    else days.push([day, [event]])
  }
  return days
}

/** The builds that some events began: host, build id, and the app, since one build may be of several. */
export const buildsOf = (
  events: readonly TimelineEvent[],
): readonly (readonly [host: string, buildId: string, appId: number])[] =>
  events.flatMap(({ host, begins, appId }) =>
    begins === '' || appId === null ? [] : [[host, begins, appId] as const],
  )

/** Clocks of Dokku's records and of events differ. */
const SLACK_MS = 60_000

/** The deployment that an event began, of those that `DeploymentReads.byBuilds` has. One that began later is not it. */
export function begunBy<D extends { readonly startedAt: number }>(
  deployments: ReadonlyMap<string, D>,
  { begins, appId, at }: TimelineEvent,
): D | undefined {
  const found = deployments.get(`${begins} ${appId ?? ''}`)
  return found !== undefined && found.startedAt <= at + SLACK_MS ? found : undefined
}
