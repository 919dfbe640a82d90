import { type AppLine, type ContainerLine, readLine } from '../dokku/container.ts'
import type { Dokku, Followed } from '../dokku/dokku.ts'

export interface ContainersOptions {
  readonly dokku: Dokku
  /** All containers there are now: rows of others go. */
  listed(list: List): void
  happened(line: ContainerLine): void
  onError(error: unknown): void
  /** How often to list while nobody looks, milliseconds. */
  readonly everyMs?: number
  /** How long to go on following after the last page closed, milliseconds. */
  readonly graceMs?: number
}

export interface List {
  readonly containers: readonly ContainerLine[]
  readonly apps: readonly AppLine[]
}

/**
 * Keeps the states of processes: Docker's list, and while somebody looks also its events, both through
 * `dokkubase:containers`. While nobody looks nothing is left running.
 */
export function containerWatch(options: ContainersOptions) {
  const { dokku, everyMs = 300_000, graceMs = 30_000 } = options
  let followed: Followed | undefined
  let timer: NodeJS.Timeout | undefined
  let grace: NodeJS.Timeout | undefined
  let soon: NodeJS.Timeout | undefined
  let wanted = false
  let stopped = false

  const list = async () => {
    if (followed !== undefined || stopped) return
    try {
      const output = await dokku.run(['dokkubase:containers'])
      const list = newList()
      if (!output.split('\n').some(list.take)) throw new Error('the list of containers has no end')
      options.listed(list)
    } catch (error) {
      options.onError(error)
    }
  }

  const follow = async () => {
    const stream = dokku.follow(['dokkubase:containers', '--follow'])
    followed = stream
    try {
      await read(stream)
    } catch (error) {
      options.onError(error)
    }
    followed = undefined
    if (wanted && !stopped) grace = setTimeout(() => void follow(), 2000)
  }

  /** The list comes first and has an end. */
  const read = async ({ lines }: Followed) => {
    const list = newList()
    let listed = false
    for await (const text of lines) {
      if (listed) {
        const line = readLine(text)
        if (line?.kind === 'container') options.happened(line.container)
      } else if (list.take(text)) {
        listed = true
        options.listed(list)
      }
    }
  }

  return {
    async start() {
      await list()
      timer = setInterval(() => void list(), everyMs)
    },
    /** How many pages are open now. */
    viewers(count: number) {
      clearTimeout(grace)
      wanted = count > 0
      if (wanted && followed === undefined && !stopped) void follow()
      if (!wanted) grace = setTimeout(() => followed?.stop(), graceMs)
    },
    /** After a deploy or a stop: containers changed. */
    changed() {
      clearTimeout(soon)
      soon = setTimeout(() => void list(), 1000)
    },
    stop() {
      stopped = true
      clearInterval(timer)
      clearTimeout(grace)
      clearTimeout(soon)
      followed?.stop()
    },
  }
}

/** Collects lines of a list; `take` is true with its last. */
function newList() {
  const containers: ContainerLine[] = []
  const apps: AppLine[] = []
  return {
    containers,
    apps,
    take(text: string): boolean {
      const line = readLine(text)
      if (line?.kind === 'container') containers.push(line.container)
      if (line?.kind === 'app') apps.push(line.app)
      return line?.kind === 'end'
    },
  }
}
