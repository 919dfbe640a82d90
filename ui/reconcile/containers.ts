import { type ContainerLine, readContainerLine } from '../dokku/container.ts'
import type { Dokku, Followed } from '../dokku/dokku.ts'

export interface ContainersOptions {
  readonly dokku: Dokku
  /** All containers there are now: rows of others go. */
  listed(lines: readonly ContainerLine[]): void
  happened(line: ContainerLine): void
  onError(error: unknown): void
  /** How often to list while nobody looks, milliseconds. */
  readonly everyMs?: number
  /** How long to go on following after the last page closed, milliseconds. */
  readonly graceMs?: number
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
      options.listed(output.split('\n').flatMap((line) => readContainerLine(line) ?? []))
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

  /** The list comes first, as one block; the first event or a moment of silence ends it. */
  const read = async ({ lines }: Followed) => {
    let block: ContainerLine[] | null = []
    const close = () => {
      if (block === null) return
      options.listed(block)
      block = null
    }
    let quiet: NodeJS.Timeout | undefined
    try {
      for await (const text of lines) {
        const line = readContainerLine(text)
        if (line === null) continue
        // Only from the first line on: a slow list is not an empty one.
        quiet ??= setTimeout(close, 1500)
        if (line.action === 'listed' && block !== null) block.push(line)
        else {
          close()
          options.happened(line)
        }
      }
    } finally {
      clearTimeout(quiet)
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
