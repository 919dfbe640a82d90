import { expect, test } from 'vitest'
import { foldedWarnings } from '../../../ui/web/folded-warnings.ts'

function warnings() {
  const logged: string[] = []
  const clock = { now: 0 }
  const warn = foldedWarnings(
    ({ type, err, repeats = 0 }) => logged.push(`${type}: ${err} (${repeats})`),
    () => clock.now,
    1000,
  )
  return { logged, clock, warn }
}

test('the same error is logged once per interval, with the number of repeats', () => {
  const { logged, clock, warn } = warnings()
  for (const at of [0, 100, 999]) {
    clock.now = at
    warn('reports', 'exit 127')
  }
  expect(logged).toEqual(['reports: exit 127 (0)'])
  clock.now = 1000
  warn('reports', 'exit 127')
  expect(logged).toEqual(['reports: exit 127 (0)', 'reports: exit 127 (2)'])
})

test('another error, and the same of another type, are logged at once', () => {
  const { logged, warn } = warnings()
  warn('reports', new Error('exit 127'))
  warn('reports', new Error('exit 1'))
  warn('containers', new Error('exit 127'))
  expect(logged).toHaveLength(3)
})

test('errors that are all different are not remembered without end', () => {
  const { logged, warn } = warnings()
  for (let index = 0; index < 200; index += 1) warn('reports', `exit ${index}`)
  warn('reports', 'exit 0')
  warn('reports', 'exit 199')
  expect(logged).toHaveLength(201)
})
