import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { processKinds } from '../../../ui/processes/command.ts'
import {
  CHECKS,
  type Check,
  type CheckJob,
  Cpu,
  checkJobs,
  checkOf,
  Memory,
  Quantity,
} from '../../../ui/processes/formation.ts'
import { askedOf } from '../story/asked.ts'
import { gateTakes } from '../story/gate-list.ts'
import { words } from '../story/words.ts'

const { command, whatPasses } = askedOf(processKinds)
const RUNS = { numRuns: 1000 }

test('each is the command Dokku has for it', () => {
  const app = 'shop'
  expect(command('ps:scale', { app, scale: { web: '3', worker: '0' } })).toBe('ps:scale shop web=3 worker=0')
  expect(command('ps:restart', { app, process: 'web' })).toBe('ps:restart shop web')
  expect(command('resource:limit', { app, process: 'web', memory: '512M', cpu: '0.5' })).toBe(
    'resource:limit --memory 512m --cpu 0.5 --process-type web shop',
  )
  expect(command('resource:limit', { app, memory: 'clear' })).toBe('resource:limit --memory clear shop')
  expect(command('checks:set', { app, seconds: '30' })).toBe('checks:set shop wait-to-retire 30')
  expect(command('checks:set', { app, seconds: '' })).toBe('checks:set shop wait-to-retire')
  expect(command('checks:disable', { app, processes: ['web', 'worker'] })).toBe(
    'checks:disable shop web,worker',
  )
  expect(command('checks:enable', { app })).toBe('checks:enable shop')
  expect(command('ps:set', { app, property: 'restart-policy', value: 'on-failure:3' })).toBe(
    'ps:set shop restart-policy on-failure:3',
  )
  expect(command('ps:set', { app, property: 'stop-timeout-seconds', value: '' })).toBe(
    'ps:set shop stop-timeout-seconds',
  )
})

test('what Dokku takes though it should not is refused: fewer than none, too many, memory that is none', () => {
  for (const value of ['-1', '101', '1.5', '1e2', '', 'two', '007', '+3', '٣'])
    expect(Quantity.safeParse(value).success, value).toBe(false)
  for (const value of ['abc', '0', '-1', '1t', '512 MB', '5m', '1k', '9999g', ''])
    expect(Memory.safeParse(value).success, value).toBe(false)
  for (const value of ['0', '0.000', '-1', '1,5', '600', 'two'])
    expect(Cpu.safeParse(value).success, value).toBe(false)
  expect(Memory.parse(' 2G ')).toBe('2g')
  expect(command('ps:scale', { app: 'shop', scale: {} })).toBe(null)
  expect(command('resource:limit', { app: 'shop', process: 'web' })).toBe(null)
  expect(command('ps:set', { app: 'shop', property: 'start-cmd', value: 'sh' })).toBe(null)
  expect(command('ps:scale', { app: 'dokkubase', scale: { web: '1' } })).toBe(null)
})

test('no input to any form makes another argument, option or command, and the gate takes whatever passes', () => {
  const app = words('shop', 'shop.example', 'dokkubase')
  const type = words('web', 'worker', '_default_', 'Web_2')
  const text = (arbitrary: fc.Arbitrary<unknown>) => arbitrary.filter((one) => typeof one === 'string')
  const amount = words(
    '0',
    '3',
    '100',
    '-1',
    '512m',
    '2g',
    'clear',
    '0.5',
    '',
    'on-failure:10',
    'no',
    'always',
    '30',
  )
  const payloads = fc.record(
    {
      app,
      process: type,
      scale: fc.dictionary(text(type), amount, { maxKeys: 4 }),
      memory: amount,
      cpu: amount,
      processes: fc.array(type, { maxLength: 3 }),
      seconds: amount,
      property: words('restart-policy', 'stop-timeout-seconds', 'procfile-path'),
      value: amount,
    },
    { requiredKeys: ['app'] },
  )
  whatPasses(payloads, { runs: 5000, passing: 100 }, (asked, kind, payload) => {
    expect(asked.command[0]).toBe(kind)
    expect(asked.app).toBe(payload.app)
    expect(gateTakes(asked.command), asked.command.join(' ')).toBe(true)
  })
})

describe('zero downtime', () => {
  const TYPES = ['web', 'webhook', 'worker'] as const

  /** Dokku's own two lists, with the way it takes a name out of them. */
  const applied = (set: { disabled: string; skipped: string }, jobs: readonly CheckJob[]) => {
    const lists = { disabled: set.disabled, skipped: set.skipped }
    for (const { kind, processes } of jobs) {
      const into = kind === 'checks:disable' ? 'disabled' : kind === 'checks:skip' ? 'skipped' : null
      for (const list of ['disabled', 'skipped'] as const) {
        const before = lists[list] === 'none' ? '' : lists[list]
        if (processes.length === 0) lists[list] = list === into ? '_all_' : 'none'
        else if (list === into)
          lists[list] = [before.replace('_all_', ''), ...processes].filter((each) => each !== '').join(',')
        else
          lists[list] =
            processes
              .filter((name) => into === null || before.split(',').includes(name))
              .reduce((text, name) => text.replaceAll(name, ''), before) || 'none'
      }
    }
    return lists
  }

  test('whatever was set, afterwards each process type is as somebody wanted it', () => {
    const check = fc.constantFrom<Check>(...CHECKS)
    const list = fc.oneof(
      fc.constantFrom('none', '_all_'),
      fc.subarray([...TYPES], { minLength: 1 }).map((types) => types.join(',')),
    )
    fc.assert(
      fc.property(
        list,
        list,
        fc.dictionary(fc.constantFrom(...TYPES), check),
        (disabled, skipped, wanted) => {
          const set = { disabled, skipped }
          const jobs = checkJobs(set, TYPES, new Map(Object.entries(wanted)))
          const after = applied(set, jobs)
          for (const type of TYPES) expect(checkOf(after, type)).toBe(wanted[type] ?? checkOf(set, type))
          for (const { kind, processes } of jobs)
            expect(gateTakes([kind, 'shop', processes.join(',')].filter((word) => word !== ''))).toBe(true)
        },
      ),
      RUNS,
    )
  })

  test('nothing changed is nothing to do', () => {
    expect(checkJobs({ disabled: '_all_', skipped: 'none' }, TYPES, new Map())).toEqual([])
    expect(checkJobs({ disabled: 'none', skipped: 'none' }, TYPES, new Map([['web', 'enabled']]))).toEqual([])
  })
})
