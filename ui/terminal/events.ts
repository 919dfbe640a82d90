/** `events [app] [--num n] [--follow] [--format json]`: the journal as sentences, newest last. */
import { type DeploymentInBrief, outcomeOf } from '../deployments/deployment.ts'
import { begunBy, buildsOf, type TimelineEvent } from '../events/timeline.ts'
import { sentence, spoken } from '../events/words.ts'
import type { PageReads } from '../pages.ts'
import { visibleLine } from '../web/visible.ts'
import { type Asked, asked } from './asked.ts'
import { stamp, type Terminal, type Verb } from './terminal.ts'

interface Told {
  readonly event: TimelineEvent
  readonly deployment: DeploymentInBrief | undefined
}

const EVERY_MS = 500

export const events: Verb = async (terminal, args) => {
  const reads = terminal.reads(terminal.open())
  const wanted = asked(args, reads.apps, { mayFollow: true })
  const filter = wanted.app === undefined ? {} : { appId: wanted.app.id }
  const page = (range: { downTo?: number; limit: number }) =>
    outcomes(reads, reads.events.page(filter, range).toReversed())
  const first = page({ limit: wanted.num })
  const say = (told: readonly Told[]) => {
    for (const one of told) terminal.print(line(one, wanted))
  }
  if (!wanted.follow) {
    if (wanted.json) terminal.print(`${JSON.stringify(first.map(asJson))}\n`)
    else say(first)
    return
  }
  say(first)
  await follow(terminal, { first, say, page, reads })
}

/** Until stdin ends: whoever started this holds it open for as long as somebody reads. */
async function follow(
  terminal: Terminal,
  {
    first,
    say,
    page,
    reads,
  }: {
    first: readonly Told[]
    say: (told: readonly Told[]) => void
    page: (range: { downTo: number; limit: number }) => readonly Told[]
    reads: PageReads
  },
): Promise<void> {
  let next = (first.at(-1)?.event.seq ?? 0) + 1
  let open = first.filter(isOpen)
  await each(terminal, () => {
    const ended = outcomes(
      reads,
      open.map(({ event }) => event),
    ).filter((told) => !isOpen(told))
    // The same deploy once more, now that it is known how it went.
    say(ended.filter(({ deployment }) => deployment !== undefined))
    const come = page({ downTo: next, limit: 500 })
    say(come)
    next = (come.at(-1)?.event.seq ?? next - 1) + 1
    const over = new Set(ended.map(({ event }) => event.seq))
    open = [...open.filter(({ event }) => !over.has(event.seq)), ...come.filter(isOpen)]
  })
}

async function each(terminal: Terminal, step: () => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setInterval(() => {
      try {
        step()
      } catch (error) {
        end()
        reject(error)
      }
    }, EVERY_MS)
    const end = () => {
      clearInterval(timer)
      resolve()
    }
    terminal.stdin.once('end', end).once('close', end).once('error', end).resume()
  })
}

const isOpen = ({ deployment }: Told): boolean => deployment?.status === 'running'

function outcomes(reads: PageReads, found: readonly TimelineEvent[]): readonly Told[] {
  const builds = reads.deployments.byBuilds(buildsOf(found))
  return found.map((event) => ({ event, deployment: begunBy(builds, event) }))
}

const line = (told: Told, { json }: Asked): string =>
  json
    ? `${JSON.stringify(asJson(told))}\n`
    : `${stamp(told.event.at)}  ${told.event.door.padEnd(8)}  ${visibleLine(words(told))}\n`

const words = ({ event, deployment }: Told): string =>
  spoken(sentence({ ...event, outcome: deployment && outcomeOf(deployment) }))

const asJson = (told: Told) => {
  const { seq, at, trigger, origin, app, actor, door, caller, args, begins } = told.event
  return {
    seq,
    at: new Date(at).toISOString(),
    trigger,
    origin,
    app,
    actor,
    door,
    command: caller.command,
    args,
    ...(begins === '' ? {} : { build_id: begins, status: told.deployment?.status ?? 'unknown' }),
    sentence: words(told),
  }
}
