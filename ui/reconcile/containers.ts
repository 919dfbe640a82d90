import {
  type AppLine,
  type ContainerLine,
  type ContainerList,
  type Line,
  readLine,
} from '../dokku/container.ts'
import type { Dokku, Followed } from '../dokku/dokku.ts'
import { messageOf } from '../web/message-of.ts'

export interface ContainersOptions {
  readonly dokku: Dokku
  /** All containers there are now: rows of others go. */
  listed(list: ContainerList): void
  happened(line: ContainerLine): void
  /** Nothing could be read for `unknownMs`, or from the start: how any process is, is not known. */
  lost(): void
  /** A failure, but not each of a row: `times` counts those since the last that was reported. Null: all is well again. */
  onProblem(error: unknown, times: number): void
  readonly now?: () => number
  /** 0 ≤ x < 1 */
  readonly random?: () => number
  /** How often everything is listed though nothing says that it changed, milliseconds. */
  readonly everyMs?: number
  /** Delays before the follower is started again, milliseconds: twice as long each time, and as long again by chance. */
  readonly firstDelayMs?: number
  readonly lastDelayMs?: number
  readonly unknownMs?: number
  /** From a change to the list that it asks for, milliseconds. */
  readonly soonMs?: number
}

/** How the containers are followed now. */
export interface FollowerStatus {
  readonly by: 'socket' | 'docker' | null
  /** What is wrong; null: nothing. */
  readonly problem: string | null
  /** So long that no state is known. */
  readonly isLost: boolean
}

/** What went on for so long without a failure is well: the next delay is the first one again. */
const STEADY_MS = 60_000
/** An equal failure is reported again after so long. */
const AGAIN_MS = 600_000

/**
 * Keeps the states of processes: Docker's list and from then on its events, both through `dokkubase:containers`. It is
 * started again whenever it ends, and begins with a list, so that nothing that happened meanwhile is missed.
 */
export function containerWatch(options: ContainersOptions) {
  const { dokku, now = Date.now, random = Math.random } = options
  const { everyMs = 300_000, firstDelayMs = 1000, lastDelayMs = 60_000, soonMs = 1000 } = options
  const { unknownMs = 120_000 } = options
  let followed: Followed | undefined
  let timer: NodeJS.Timeout | undefined
  let next: NodeJS.Timeout | undefined
  let soon: NodeJS.Timeout | undefined
  let soonAt: number | null = null
  let stopped = false
  let attempt = 0
  let by: FollowerStatus['by'] = null
  let problem: string | null = null
  /** Since when neither a list nor an event can tell of a change; null: they do. */
  let blindSince: number | null = Number.NEGATIVE_INFINITY
  let isLost = false
  const failures = folded(options.onProblem, now)

  const take = (list: ContainerList) => {
    blindSince = null
    isLost = false
    problem = null
    failures.succeeded()
    options.listed(list)
  }

  const failed = (error: unknown) => {
    if (stopped) return
    problem = messageOf(error)
    failures.failed(error)
    if (isLost || blindSince === null || now() - blindSince < unknownMs) return
    isLost = true
    options.lost()
  }

  const list = async () => {
    try {
      const output = await dokku.run(['dokkubase:containers'])
      const read = collecting()
      const whole = output.split('\n').flatMap((text) => read(readLine(text)) ?? [])[0]
      if (whole === undefined) throw new Error(BROKEN_OFF)
      if (!stopped) take(whole)
    } catch (error) {
      failed(error)
    }
  }

  const follow = async () => {
    const began = now()
    const stream = dokku.follow(['dokkubase:containers', '--follow'])
    followed = stream
    try {
      await read(stream)
      throw new Error('Docker ended its events')
    } catch (error) {
      blindSince ??= now()
      failed(error)
    }
    followed = undefined
    by = null
    if (stopped) return
    if (now() - began >= STEADY_MS) attempt = 0
    const delay = Math.min(lastDelayMs, firstDelayMs * 2 ** attempt)
    attempt += 1
    next = setTimeout(() => void follow(), delay * (0.5 + random() / 2))
  }

  const read = async ({ lines }: Followed) => {
    const list = collecting()
    let isWhole = false
    for await (const text of lines) {
      const line = readLine(text)
      if (line?.kind === 'following') by = line.by
      else if (isWhole && line?.kind === 'container') options.happened(line.container)
      else if (!isWhole) {
        const whole = list(line)
        isWhole = whole !== null
        if (whole !== null) take(whole)
      }
    }
    if (!isWhole) throw new Error(BROKEN_OFF)
  }

  return {
    start() {
      void follow()
      timer = setInterval(() => void list(), everyMs)
    },
    /**
     * After a deploy or a stop, and where an event leaves something unknown: everything is listed again, soon, but not
     * before `inMs`.
     */
    changed(inMs = 0) {
      const at = now() + Math.max(soonMs, inMs)
      if (soonAt !== null && soonAt <= at) return
      clearTimeout(soon)
      soonAt = at
      soon = setTimeout(
        () => {
          soonAt = null
          void list()
        },
        Math.max(soonMs, inMs),
      )
    },
    status: (): FollowerStatus => ({ by, problem, isLost }),
    stop() {
      stopped = true
      clearInterval(timer)
      clearTimeout(next)
      clearTimeout(soon)
      followed?.stop()
    },
  }
}

const BROKEN_OFF = 'the list of containers broke off'

/** Collects the lines of a list; gives the list with its last line. */
function collecting() {
  const containers: ContainerLine[] = []
  const apps: AppLine[] = []
  return (line: Line | null): ContainerList | null => {
    if (line?.kind === 'container') containers.push(line.container)
    if (line?.kind === 'app') apps.push(line.app)
    return line?.kind === 'end' ? { containers, apps, readAt: line.readAt } : null
  }
}

/** Reports the first of equal failures, how many came since once in a while, and that they are over. */
function folded(report: ContainersOptions['onProblem'], now: () => number) {
  let last = ''
  let reportedAt = 0
  let failedAt = 0
  let times = 0
  return {
    failed(error: unknown) {
      const text = messageOf(error)
      failedAt = now()
      times += 1
      if (text === last && now() - reportedAt < AGAIN_MS) return
      last = text
      reportedAt = now()
      report(error, times)
      times = 0
    },
    /** A success between two failures of a row changes nothing. */
    succeeded() {
      if (last === '' || now() - failedAt < STEADY_MS) return
      report(null, times)
      last = ''
      times = 0
    },
  }
}
