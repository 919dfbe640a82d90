/** Lines of Docker as specs make them, and containers as rows have them. */
import { readFileSync } from 'node:fs'
import { type ContainerFacts, type ContainerLine, readLine } from '../../../ui/dokku/container.ts'
import { follow, type Step, type ToldLine } from '../../../ui/processes/following.ts'
import type { Container } from '../../../ui/processes/process.ts'

export const recorded = (name: string): ContainerLine[] =>
  readFileSync(new URL(`../../fixtures/0.38.27/docker/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .flatMap((text) => {
      const line = readLine(text)
      return line?.kind === 'container' ? line.container : []
    })

export const facts = (changes: Partial<ContainerFacts> = {}): ContainerFacts => ({
  imageId: `sha256:${'1'.repeat(64)}`,
  image: 'dokku/blog:latest',
  createdAt: 900,
  startedAt: 1000,
  finishedAt: null,
  oomKilled: false,
  restarts: 0,
  restartPolicy: 'on-failure',
  maxRestarts: 10,
  memoryLimit: null,
  addresses: ['172.17.0.2'],
  ...changes,
})

export const line = (changes: Partial<ToldLine>): ToldLine => ({
  id: 'c1',
  app: 'blog',
  processType: 'web',
  number: 1,
  name: 'blog.web.1',
  action: 'start',
  state: '',
  exitCode: null,
  signal: null,
  at: 1000,
  facts: null,
  ...changes,
})

/** A line of a list that was read at `listedAt`. */
export const listed = (
  listedAt: number,
  changes: Partial<ToldLine> = {},
  of: Partial<ContainerFacts> = {},
) => {
  const state = changes.state ?? 'running'
  const ended = state === 'exited'
  const all = facts({ ...(ended && { finishedAt: listedAt, addresses: [] }), ...of })
  return line({
    action: 'listed',
    state,
    at: (ended ? all.finishedAt : all.startedAt) ?? all.createdAt,
    facts: all,
    listedAt,
    ...changes,
  })
}

/** What each of these lines changed, one after the other. */
export function steps(...lines: readonly ToldLine[]): Step[] {
  let before: Container | undefined
  return lines.map((each) => {
    const step = follow(1, before, each)
    before = step.after ?? undefined
    return step
  })
}

export const containerAfter = (...lines: readonly ToldLine[]): Container | null =>
  steps(...lines).at(-1)?.after ?? null

export const container = (changes: Partial<Container> = {}): Container => ({
  ...{
    id: 'c1',
    appId: 1,
    processType: 'web',
    number: 1,
    name: 'blog.web.1',
    state: 'running',
    exitCode: null,
  },
  ...{ since: 1000, toldAt: 1000, stopRequestedAt: null, oomAt: null, inService: true },
  ...facts(),
  ...changes,
})
