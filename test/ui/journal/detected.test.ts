import { beforeEach, expect, test } from 'vitest'
import { type Event, eventId, type RecordedEvent, seenEvent } from '../../../ui/events/event.ts'
import { sentence, spoken } from '../../../ui/events/words.ts'
import { DETECTED_A_MINUTE, detected } from '../../../ui/journal/detected.ts'

const DAY = Date.UTC(2026, 10, 20)
let recorded: Event[]
let limits: string[]
let clock: number
let full: boolean
let count: number
let detect: ReturnType<typeof detected>

beforeEach(() => {
  recorded = []
  limits = []
  clock = 0
  full = false
  count = 0
  detect = detected({
    record(events, andThen): readonly RecordedEvent[] {
      if (full) throw new Error('database or disk is full')
      recorded.push(...events)
      andThen?.()
      return []
    },
    onLimit: (trigger, app) => limits.push(`${trigger} ${app}`),
    now: () => DAY + clock,
    clock: () => clock,
  })
})

const died = (app: string): Event => {
  count += 1
  return seenEvent({
    id: eventId(DAY, 0, count),
    host: 'local',
    trigger: 'container-died',
    at: DAY,
    args: [app],
  })
}
const ended = (build: string): Event => ({
  ...died('blog'),
  trigger: 'build-ended',
  args: ['blog', build, '1'],
})
const of = (trigger: string) => recorded.filter((event) => event.trigger === trigger)

test('of one thing so many a minute are recorded, and one event says that there were more', () => {
  for (let at = 0; at < 1000; at += 1) {
    clock = at
    detect([died('blog')])
  }
  expect(of('container-died')).toHaveLength(DETECTED_A_MINUTE)
  expect(of('detection-limited').map(({ args, origin }) => [args, origin])).toEqual([
    [['blog', 'container-died'], 'seen'],
  ])
  expect(limits).toEqual(['container-died blog'])
  const [limit] = of('detection-limited')
  if (limit === undefined) throw new Error('no event says so')
  expect(spoken(sentence({ ...limit, actor: 'unknown', app: 'blog' }))).toBe(
    'container-died of blog was detected more than 20 times in a minute; beyond that it is not recorded',
  )
})

test('other apps and other things are recorded meanwhile, and each build is a thing of its own', () => {
  detect(Array.from({ length: 50 }, () => died('blog')))
  detect([died('shop'), { ...died('blog'), trigger: 'domains-seen' }])
  detect(Array.from({ length: 300 }, (_, at) => ended(`mx${at}`)))
  expect(
    of('container-died')
      .map(({ args }) => args[0])
      .slice(-1),
  ).toEqual(['shop'])
  expect(of('domains-seen')).toHaveLength(1)
  expect(of('build-ended')).toHaveLength(300)
})

test('a loop is said once an hour and grows by no more than its bound each minute', () => {
  for (clock = 0; clock < 2 * 3_600_000; clock += 500) detect([ended('mxloop')])
  expect(of('build-ended').length).toBeLessThanOrEqual(121 * DETECTED_A_MINUTE)
  expect(of('detection-limited')).toHaveLength(2)
})

test('what is to be done with an event is done also where that is left out', () => {
  let judged = 0
  for (let times = 0; times < 50; times += 1)
    detect([ended('mxloop')], () => {
      judged += 1
    })
  expect(judged).toBe(50)
})

test('what could not be recorded counts for nothing', () => {
  full = true
  for (let times = 0; times < 50; times += 1) expect(() => detect([died('blog')])).toThrow('full')
  full = false
  for (let times = 0; times < DETECTED_A_MINUTE; times += 1) detect([died('blog')])
  expect(of('container-died')).toHaveLength(DETECTED_A_MINUTE)
  expect(limits).toEqual([])
})
