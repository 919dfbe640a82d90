import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Event } from '../../../ui/events/event.ts'
import { outboxRecovery } from '../../../ui/outbox/recovery.ts'

let requests: number
let failure: Error | null
let recorded: Event[]
let errors: unknown[]
let recovery: ReturnType<typeof outboxRecovery>

beforeEach(() => {
  vi.useFakeTimers()
  requests = 0
  failure = null
  recorded = []
  errors = []
  recovery = outboxRecovery({
    async remake() {
      requests += 1
      if (failure) throw failure
    },
    record: (events) => recorded.push(...events),
    onMended() {},
    onError: (error) => errors.push(error),
  })
})
afterEach(() => {
  vi.useRealTimers()
})

test('a folder that cannot be made is asked for once a minute, not with every reading', async () => {
  failure = new Error('no room')
  for (let second = 0; second < 61; second += 1) {
    recovery.onMissing()
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(requests).toBe(2)
  expect(errors).toEqual([failure, failure])
})

test('a folder deleted again is asked for again at once', async () => {
  recovery.onMissing()
  recovery.onMissing()
  await vi.advanceTimersByTimeAsync(0)
  expect(requests).toBe(1)
  recovery.onMissing()
  expect(requests).toBe(2)
})

test('only a time without a folder is an event: elsewhere hooks could write', () => {
  recovery.onMended(null)
  expect(recorded).toEqual([])
  recovery.onMended({ from: 1000, to: 5000 })
  expect(recorded).toMatchObject([
    { trigger: 'events-missed', origin: 'seen', at: 5000, args: ['1000', '5000'] },
  ])
})
