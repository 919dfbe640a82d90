import { describe, expect, test } from 'vitest'
import { afterDeath, afterOom, type News, noDeaths, stableMs } from '../../../ui/processes/deaths.ts'
import type { Death, Deaths } from '../../../ui/processes/process.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const death = (at: number, changes: Partial<Death> = {}): Death => ({
  ...{ at, from: at, exitCode: 1, memory: false, aliveMs: null, count: 1 },
  ...changes,
})

function allOf(...all: readonly Death[]): { deaths: Deaths; news: News[] } {
  const news: News[] = []
  const deaths = all.reduce((known, each) => {
    const next = afterDeath(known, each)
    news.push(next.news)
    return next.deaths
  }, noDeaths('c1'))
  return { deaths, news }
}

const every = (ms: number, count: number): Death[] =>
  Array.from({ length: count }, (_, index) => death(HOUR + index * ms))

describe('deaths', () => {
  test.each([
    ['one', every(MINUTE, 1), ['died'], null],
    ['two', every(MINUTE, 2), ['died', 'died'], null],
    ['three in two minutes', every(MINUTE, 3), ['died', 'died', 'loop'], 3],
    ['three in 50 minutes', every(25 * MINUTE, 3), ['died', 'died', 'loop'], 3],
    ['three in 80 minutes', every(40 * MINUTE, 3), ['died', 'died', 'died'], null],
    [
      'seven, one a minute: four of them are no news',
      every(MINUTE, 7),
      ['died', 'died', 'loop', null, null, null, null],
      7,
    ],
    [
      'three at once, of which two were not seen',
      [death(HOUR), death(HOUR + MINUTE, { count: 2, from: HOUR })],
      ['died', 'loop'],
      3,
    ],
    [
      'eight in a minute before the first list',
      [death(HOUR, { count: 8, from: HOUR - MINUTE })],
      ['loop'],
      8,
    ],
    [
      'forty in twenty days before the first list',
      [death(HOUR, { count: 40, from: HOUR - 480 * HOUR })],
      ['died'],
      null,
    ],
  ] as const)('%s', (_, all, news, loop) => {
    const { deaths, news: told } = allOf(...all)
    expect(told).toEqual(news)
    expect(deaths.loop?.deaths ?? null).toBe(loop)
  })

  test('of a loop are counted since the first of them, those for memory apart, and ten are kept', () => {
    const weeks = every(MINUTE, 20_000).map((each, index) => ({ ...each, memory: index % 2 === 0 }))
    const { deaths, news } = allOf(...weeks)
    expect(deaths.loop).toEqual({ since: HOUR, deaths: 20_000, memory: 10_000 })
    expect(deaths.recent).toHaveLength(10)
    expect(news.filter((each) => each !== null)).toHaveLength(3)
  })

  test('long before a loop are no part of it', () => {
    const { deaths } = allOf(
      death(0),
      death(MINUTE),
      death(3 * HOUR),
      death(5 * HOUR),
      death(5 * HOUR + 1),
      death(5 * HOUR + 2),
    )
    expect(deaths.loop).toEqual({ since: 5 * HOUR, deaths: 3, memory: 0 })
  })
})

describe('a loop is over once the process ran', () => {
  test.each([
    ['five minutes, where it died each minute', every(MINUTE, 5), 5 * MINUTE],
    ['forty minutes, where it died each twenty', every(20 * MINUTE, 3), 40 * MINUTE],
    [
      'twice its longest pause',
      [...every(SECOND, 3), death(HOUR + 10 * MINUTE)],
      2 * (10 * MINUTE - 2 * SECOND),
    ],
    [
      'five minutes, also where it died half a day before',
      [death(-12 * HOUR), ...every(SECOND, 3)],
      5 * MINUTE,
    ],
  ])('%s', (_, all, ms) => {
    expect(stableMs(allOf(...all).deaths)).toBe(ms)
  })
})

test('kills for memory that a container survives are an event an hour at most', () => {
  let deaths = noDeaths('c1')
  const news = [0, MINUTE, 59 * MINUTE, HOUR, HOUR + MINUTE].map((at) => {
    const next = afterOom(deaths, at)
    deaths = next.deaths
    return next.isNews
  })
  expect(news).toEqual([true, false, false, true, false])
  expect(deaths.ooms).toEqual({ count: 5, lastAt: HOUR + MINUTE, recordedAt: HOUR })
})
