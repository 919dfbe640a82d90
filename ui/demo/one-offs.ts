import { cronId } from '../dokku/cron-id.ts'
import { member } from './cast.ts'
import type { Act } from './history.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** What the clock ran in the shop, now and then in vain, and what people typed. */
export const oneOffs = (now: number): Act[] => [
  ...clocked('bin/rails invoices:send', now, { every: DAY, at: 6 * HOUR, times: 20, failed: [3] }),
  ...clocked('bin/rails carts:sweep', now, { every: 6 * HOUR, at: HOUR / 3, times: 40, failed: [1, 9] }),
  { at: now - 3.1 * DAY, by: 'karolina', argv: ['run', 'shop', 'bin/rails', 'invoices:send', '--again'] },
  {
    at: now - 5.4 * HOUR,
    by: 'karolina',
    argv: ['run', 'shop', 'bin/rails', 'stock:count'],
    faults: ['run'],
  },
]

interface Clocked {
  readonly every: number
  readonly at: number
  readonly times: number
  /** How many times ago. */
  readonly failed: readonly number[]
}

const clocked = (command: string, now: number, { every, at, times, failed }: Clocked): Act[] =>
  Array.from({ length: times }, (_, ago) => ({
    ...cronRun('shop', command),
    at: (Math.floor(now / every) - ago) * every + at,
    faults: failed.includes(ago) ? ['run'] : [],
  }))

/** As the crontab that Dokku writes has it. */
export const cronRun = (app: string, command: string): Pick<Act, 'by' | 'argv'> => {
  const entry = member(app).source.cron.find((one) => one.command === command)
  if (entry === undefined) throw new Error(`nothing of ${app} is run by the clock as ${command}`)
  return { by: 'cron', argv: ['cron:run', app, cronId(app, entry)] }
}
