/** How many processes of a type there are, beside how many there are to be, in words that do not contradict each other. Pure. */
import { leftOver } from './judging.ts'
import type { Container, ProcessType } from './process.ts'

export interface Counted {
  readonly formation: readonly Pick<ProcessType, 'processType' | 'quantity'>[]
  /** When reading the formation began, milliseconds since 1970; null: it was never read. */
  readonly formationReadAt: number | null
  readonly containers: readonly Container[]
  readonly upstreams: readonly string[] | null
  /** A deployment of the app runs. */
  readonly deploying: boolean
  /** Something of the app was live before. */
  readonly deployed: boolean
  readonly now: number
}

/** Quantity in the formation. Null: not read yet, or a deploy brought a process type since. */
export const wantedOf = (type: string, { formation }: Pick<Counted, 'formation'>): number | null =>
  formation.find(({ processType }) => processType === type)?.quantity ?? null

/**
 * "2 of 2 running". While a change is under way, the formation that was read may be older than the containers: then
 * what is observed is said by itself: "1 running, 1 starting, scaling up from 1".
 */
export function countWords(type: string, app: Counted): string {
  const wanted = wantedOf(type, app)
  const seen = observed(type, app)
  const all = wordsOf(seen)
  if (wanted === null) return `${all}; formation not read yet`
  const beyond = [...seen.running, ...seen.starting].filter(({ number }) => number > wanted)
  if (beyond.length === 0) return within(Math.max(0, wanted), seen, app)
  // A container that was created since the formation was read: Dokku has another formation now.
  if (!beyond.some((container) => createdAt(container) > (app.formationReadAt ?? 0)))
    return `${all}, scaled to ${wanted}`
  return wanted > 0 ? `${all}, scaling up from ${wanted}` : all
}

interface Seen {
  readonly running: readonly Container[]
  readonly starting: readonly Container[]
  readonly stopping: readonly Container[]
  /** By a request that the formation, when it was read, did not include. */
  readonly stopped: readonly Container[]
}

/** No container runs whose number is beyond the formation. */
function within(wanted: number, seen: Seen, { deploying, deployed }: Counted): string {
  const { running, starting, stopping, stopped } = seen
  const isFewer = [...stopping, ...stopped].some(({ number }) => number <= wanted)
  if (isFewer || (wanted === 0 && stopping.length > 0)) return wordsOf(seen)
  // Its quantity is set by the deploy itself.
  if (wanted === 0) return deploying && !deployed ? 'not started yet' : 'scaled to 0'
  return [`${running.length} of ${wanted} running`, ...others({ starting, stopping })].join(', ')
}

/** Of each process (web.1) one container in each list, and none in a later list that is in an earlier one, but those that start. */
function observed(type: string, app: Counted): Seen {
  const over = leftOver(app)
  const own = app.containers.filter(({ processType, id }) => processType === type && !over.has(id))
  const of = (state: Container['state'], but: readonly Container[] = []) => {
    const numbers = new Set(but.map(({ number }) => number))
    const all = own.filter((container) => container.state === state && !numbers.has(container.number))
    return [...new Map(all.map((container) => [container.number, container])).values()]
  }
  const running = of('running')
  const starting = of('starting')
  const stopping = of('retiring', [...running, ...starting])
  const stopped = of('exited', [...running, ...starting, ...stopping]).filter(
    ({ stopRequestedAt, since }) =>
      stopRequestedAt !== null && Math.max(stopRequestedAt, since) > (app.formationReadAt ?? 0),
  )
  return { running, starting, stopping, stopped }
}

const others = ({
  starting,
  stopping,
  stopped = [],
}: Partial<Seen> & Pick<Seen, 'starting' | 'stopping'>) => [
  ...(starting.length > 0 ? [`${starting.length} starting`] : []),
  ...(stopping.length > 0 ? [`${stopping.length} stopping`] : []),
  ...(stopped.length > 0 ? [`${stopped.length} stopped`] : []),
]

const wordsOf = (seen: Seen): string => {
  const rest = others(seen)
  return [
    ...(seen.running.length > 0 || rest.length === 0 ? [`${seen.running.length} running`] : []),
    ...rest,
  ].join(', ')
}

const createdAt = (container: Container): number => container.createdAt ?? container.since
