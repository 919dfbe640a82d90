/** What happened to processes by itself, as sentences. Pure. */
import { endOf } from '../processes/reasons.ts'

interface OfProcess {
  /** App, process (web.1) and what the trigger adds. */
  readonly args: readonly string[]
  readonly app: string | null
}
type Pieces = readonly (string | { readonly app: string } | { readonly typed: string })[]

const app = ({ app }: OfProcess) => (app === null ? 'the server' : { app })

/** "web.1 of blog" */
const processOf = (event: OfProcess): Pieces => [{ typed: event.args[1] ?? 'a process' }, ' of ', app(event)]

/** More: exit code, 'memory' or '', how many were not observed. */
const died = (event: OfProcess): Pieces => {
  const [, , code = '', kind, times] = event.args
  const end = endOf({ exitCode: /^\d+$/.test(code) ? Number(code) : null, memory: kind === 'memory' })
  return [
    ...processOf(event),
    ` ${end}`,
    ...(times ? [`, the last of ${times} times that were not observed`] : []),
  ]
}

/** More: deaths so far, how many of them for memory, since when. */
const loopBegan = (event: OfProcess): Pieces => {
  const [, , deaths = '', memory = '0'] = event.args
  if (memory === deaths)
    return [...processOf(event), ` is killed for memory again and again, ${deaths} times so far`]
  const some = memory === '0' ? '' : `, ${memory} of them killed for memory`
  return [...processOf(event), ` is in a crash loop: it ended ${deaths} times so far${some}`]
}

const LOOP_ENDS = new Map([
  ['stable', 'it has been running long enough'],
  ['stopped', 'it was stopped'],
  ['replaced', 'its container was replaced'],
  ['gave up', 'Docker does not start it any more'],
])

/** More: deaths in all, how it ended. */
const loopEnded = (event: OfProcess): Pieces => {
  const [, , deaths = '', how = ''] = event.args
  return [
    'The crash loop of ',
    ...processOf(event),
    ` ended after ${deaths} deaths: ${LOOP_ENDS.get(how) ?? how}`,
  ]
}

/** More: addresses, without a process. */
const stale = (event: OfProcess): Pieces => [
  'nginx sends requests for ',
  app(event),
  ' to ',
  { typed: event.args.slice(1).join(', ') },
  ', where it no longer is',
]

export const PROCESS_SENTENCES: Readonly<Record<string, (event: OfProcess) => Pieces>> = {
  'container-died': died,
  'container-oom': (event) => [
    'A process in ',
    ...processOf(event),
    ' was killed for memory; its container goes on',
  ],
  'crash-loop-began': loopBegan,
  'crash-loop-ended': loopEnded,
  'proxy-stale': stale,
  'proxy-mended': (event) => ['nginx sends requests for ', app(event), ' to where it is again'],
}
