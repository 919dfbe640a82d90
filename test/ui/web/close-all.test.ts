import { expect, test } from 'vitest'
import { closeAll } from '../../../ui/web/close-all.ts'

test('a step that throws, rejects or hangs keeps no later one from running', async () => {
  const closed: string[] = []
  const errors: string[] = []
  const step = (name: string, after: () => unknown = () => {}) =>
    [
      name,
      () => {
        closed.push(name)
        return after()
      },
    ] as const
  await closeAll(
    [
      step('lookups', () => Promise.reject(new Error('no answer'))),
      step('logs', () => {
        throw new Error('bad file')
      }),
      step('panel', async () => {}),
      step('recorder', () => new Promise(() => {})),
      step('jobs', () => new Promise(() => {})),
      step('database'),
    ],
    { timeoutMs: 50, onError: (name, error) => errors.push(`${name}: ${error}`) },
  )
  expect(closed).toEqual(['lookups', 'logs', 'panel', 'recorder', 'jobs', 'database'])
  expect(errors).toEqual([
    'lookups: Error: no answer',
    'logs: Error: bad file',
    'recorder: Error: not closed within 50 ms',
    'jobs: Error: not closed within 50 ms',
  ])
})

test('steps run one after the other', async () => {
  const order: string[] = []
  const slow = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    order.push('slow')
  }
  await closeAll(
    [
      ['slow', slow],
      ['next', () => order.push('next')],
    ],
    { onError: (_, error) => order.push(String(error)) },
  )
  expect(order).toEqual(['slow', 'next'])
})
