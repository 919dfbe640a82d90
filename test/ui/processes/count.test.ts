import { describe, expect, test } from 'vitest'
import { type Counted, countWords } from '../../../ui/processes/count.ts'
import type { Container } from '../../../ui/processes/process.ts'
import { container } from './lines.ts'

const NOW = 1_800_000_000_000
const READ = NOW - 60_000
const before = { createdAt: READ - 10_000, since: READ - 10_000 }
const since = { createdAt: READ + 10_000, since: READ + 10_000 }

const web = (number: number, changes: Partial<Container>): Container =>
  container({ id: `${number}-${changes.state}`, number, name: `blog.web.${number}`, ...changes })
const running = (number: number, when = before) => web(number, { state: 'running', ...when })
const starting = (number: number, when = since) =>
  web(number, { state: 'starting', inService: false, name: `blog.web.${number}.upcoming-7`, ...when })
const retiring = (number: number) => web(number, { state: 'retiring', ...before })
const stopped = (number: number, at: number) =>
  web(number, { state: 'exited', ...before, since: at, stopRequestedAt: at })

const words = (quantity: number | null, containers: readonly Container[], changes: Partial<Counted> = {}) =>
  countWords('web', {
    formation: quantity === null ? [] : [{ processType: 'web', quantity }],
    formationReadAt: quantity === null ? null : READ,
    containers,
    upstreams: [],
    deploying: false,
    deployed: true,
    now: NOW,
    ...changes,
  })

describe('how many processes of a type there are, beside how many there are to be', () => {
  test.each<[string, string, number | null, readonly Container[], Partial<Counted>?]>([
    ['all run', '2 of 2 running', 2, [running(1), running(2)]],
    ['one is missing', '1 of 2 running', 2, [running(1)]],
    ['one has crashed', '1 of 2 running', 2, [running(1), web(2, { state: 'crashed', ...before })]],
    ['none is to run', 'scaled to 0', 0, []],
    ['the formation is not read', '1 running; formation not read yet', null, [running(1)]],
    ['nothing is read or running', '0 running; formation not read yet', null, []],

    ['a first deploy has made none yet', 'not started yet', 0, [], { deploying: true, deployed: false }],
    ['a first deploy starts one', '1 starting', 0, [starting(1)], { deploying: true, deployed: false }],
    ['the first one runs, the formation is older', '1 running', 0, [running(1, since)]],
    ['a deploy replaces it', '1 of 1 running, 1 starting', 1, [running(1), starting(1)]],
    ['the replaced one goes', '1 of 1 running', 1, [running(1, since), retiring(1)]],

    [
      'two are started, the formation is older',
      '1 running, 2 starting, scaling up from 1',
      1,
      [running(1), starting(1), starting(2)],
    ],
    [
      'two run, the formation is older',
      '2 running, scaling up from 1',
      1,
      [running(1, since), running(2, since), retiring(1)],
    ],
    ['two are started, the formation is new', '1 of 2 running, 1 starting', 2, [running(1), starting(2)]],
    ['a second still runs, the formation is new', '2 running, scaled to 1', 1, [running(1), running(2)]],
    ['one still runs, the formation is new', '1 running, scaled to 0', 0, [running(1)]],
    ['the second is stopped, the formation is older', '1 running, 1 stopping', 2, [running(1), retiring(2)]],
    [
      'the second is stopped, the formation is new',
      '1 of 1 running, 1 stopping',
      1,
      [running(1), retiring(2)],
    ],
    ['the last one is stopped', '1 stopping', 0, [retiring(1)]],
    [
      'the second was stopped, the formation is older',
      '1 running, 1 stopped',
      2,
      [running(1), stopped(2, READ + 10_000)],
    ],
    [
      'the second was stopped, the formation is new',
      '1 of 2 running',
      2,
      [running(1), stopped(2, READ - 10_000)],
    ],
    [
      'a container that no deploy put in service counts for nothing',
      '1 of 1 running',
      1,
      [running(1), starting(2, { createdAt: NOW - 3_600_000, since: NOW - 3_600_000 })].map((each) => ({
        ...each,
        createdAt: NOW - 3_600_000,
      })),
      { formationReadAt: NOW - 7_200_000 },
    ],
  ])('%s: %s', (_, expected, quantity, containers, changes) => {
    expect(words(quantity, containers, changes)).toBe(expected)
  })

  test('another process type counts for nothing', () => {
    expect(words(1, [running(1), { ...running(2), processType: 'worker' }])).toBe('1 of 1 running')
  })
})
