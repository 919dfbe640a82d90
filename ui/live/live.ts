/**
 * What changed, told to open pages. A topic names a thing (`app:blog`, `deployment:42`, `apps`); a page's
 * elements re-request themselves when the stream names their topic, so there is one way to render a thing.
 */
export type Topic = string

/** A topic is a field of a stream and a word in an attribute of a page: no blanks, no line breaks, no control characters. */
const TOPIC = /^[^\s\p{Cc}]{1,300}$/u

/** What is not fit to be a topic is told to whoever lists apps, and pages about it listen to that. */
export const fitTopic = (topic: string): Topic => (TOPIC.test(topic) ? topic : 'apps')

export interface Live {
  publish(topics: Iterable<Topic>): void
  /** Every change from now on, until the function it returns is called. */
  subscribe(listener: (change: Change) => void): () => void
  /** The changes after that id; null when they are no longer known. */
  since(id: string): readonly Change[] | null
  /** Id of the newest change. */
  latest(): string
  /** Open streams now; work that only matters while somebody looks asks this. */
  viewers(): number
  enter(): () => void
}

export interface Change {
  readonly id: string
  readonly topics: readonly Topic[]
}

const REMEMBERED = 1000

/**
 * The first publish after a pause goes out at once; those that follow are gathered for `gatherMs`, so that the
 * 250 triggers of a deploy make a few changes, not 250.
 */
export function live({
  gatherMs = 80,
  now = Date.now,
}: {
  gatherMs?: number
  now?: () => number
} = {}): Live {
  const run = now().toString(36)
  const listeners = new Set<(change: Change) => void>()
  const remembered: Change[] = []
  let viewers = 0
  let count = 0
  let gathered = new Set<Topic>()
  let timer: NodeJS.Timeout | undefined

  const flush = () => {
    timer = undefined
    if (gathered.size === 0) return
    timer = setTimeout(flush, gatherMs)
    count += 1
    const change: Change = { id: `${run}-${count}`, topics: [...gathered] }
    gathered = new Set()
    remembered.push(change)
    if (remembered.length > REMEMBERED) remembered.shift()
    for (const listener of listeners) listener(change)
  }

  return {
    publish(topics) {
      for (const topic of topics) gathered.add(fitTopic(topic))
      if (gathered.size > 0 && timer === undefined) timer = setTimeout(flush, 1)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    since(id) {
      const [ofRun, number] = id.split('-')
      if (ofRun !== run) return null
      const missed = count - Number(number)
      if (!(missed >= 0) || missed > remembered.length) return null
      return missed === 0 ? [] : remembered.slice(-missed)
    },
    latest: () => `${run}-${count}`,
    viewers: () => viewers,
    enter() {
      viewers += 1
      let left = false
      return () => {
        if (left) return
        left = true
        viewers -= 1
      }
    },
  }
}
