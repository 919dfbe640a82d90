/** What somebody may ask of an app's processes: how many, how much of the server, how they are replaced. Pure. */
import * as z from 'zod'
import { ProcessName } from '../dokku/names.ts'

const MOST = 100

/** Dokku takes `web=-1` and then stops every container. */
export const Quantity = z
  .string()
  .trim()
  .regex(/^(0|[1-9][0-9]{0,2})$/, `write a whole number from 0 to ${MOST}`)
  .refine((text) => Number(text) <= MOST, `write a whole number from 0 to ${MOST}`)

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }
/** Of an amount as Docker reads it. */
export const bytesOf = (text: string): number => {
  const [, amount = '', unit = 'm'] = /^(\d+)([bkmg])?$/.exec(text) ?? []
  return Number(amount) * (UNITS[unit] ?? 1)
}

/** As Docker reads it; a bare number is megabytes, as Dokku has it. Dokku itself takes any text. */
export const Memory = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[1-9][0-9]{0,8}[bkmg]?$/, {
    message: 'write an amount such as 512m or 2g; a bare number is megabytes',
    abort: true,
  })
  .refine((text) => bytesOf(text) >= 6 * 2 ** 20, 'Docker gives no container less than 6m')
  .refine((text) => bytesOf(text) <= 2 ** 42, 'that is more than 4096g')

export const Cpu = z
  .string()
  .trim()
  .regex(/^[0-9]{1,4}(\.[0-9]{1,3})?$/, {
    message: 'write a number of CPUs such as 0.5 or 2',
    abort: true,
  })
  .refine((text) => Number(text) > 0, 'leave it empty where there is to be no limit')
  .refine((text) => Number(text) <= 512, 'that is more than 512 CPUs')

/** A resource is taken away by this word; Dokku's own `limit-clear` of one process type takes reservations too. */
export const CLEAR = 'clear'

/** The row for every process type that has none of its own. */
export const DEFAULT = '_default_'

export const Seconds = (most: number) =>
  z
    .string()
    .trim()
    .regex(/^(0|[1-9][0-9]{0,4})$/, 'write whole seconds')
    .refine((text) => Number(text) <= most, `${most} seconds at most`)

export const WaitToRetire = Seconds(3600)
export const StopTimeout = Seconds(3600)
export const RestartPolicy = z
  .string()
  .trim()
  .regex(
    /^(no|always|unless-stopped|on-failure(:[1-9][0-9]{0,2})?)$/,
    'one of no, always, unless-stopped, on-failure, on-failure:10',
  )

/** How a process type is replaced by a deploy: checked first, replaced unchecked, or stopped before the new one is there. */
export const CHECKS = ['enabled', 'skipped', 'disabled'] as const
export type Check = (typeof CHECKS)[number]
const VERBS = { enabled: 'checks:enable', skipped: 'checks:skip', disabled: 'checks:disable' } as const

export interface ChecksSet {
  readonly disabled: string
  readonly skipped: string
}

const ALL = '_all_'
const listed = (list: string): readonly string[] => (list === 'none' || list === '' ? [] : list.split(','))

/** By Dokku's two lists, of which each may say `_all_`. */
export const checkOf = ({ disabled, skipped }: ChecksSet, process: string): Check => {
  const is = (list: string) => listed(list).some((entry) => entry === ALL || entry === process)
  if (is(disabled)) return 'disabled'
  return is(skipped) ? 'skipped' : 'enabled'
}

export interface CheckJob {
  readonly kind: (typeof VERBS)[Check]
  readonly processes: readonly string[]
}

/**
 * What makes the lists say this. Dokku takes a name out of a list wherever its letters stand (`web` out of `webhook`
 * too), and nothing out of one that says `_all_`: so what is set is taken back whole, and then set anew.
 */
export function checkJobs(
  set: ChecksSet,
  types: readonly string[],
  wanted: ReadonlyMap<string, Check>,
): CheckJob[] {
  const target = (type: string) => wanted.get(type) ?? checkOf(set, type)
  if (types.every((type) => target(type) === checkOf(set, type))) return []
  const wasSet = [...listed(set.disabled), ...listed(set.skipped)].length > 0
  const anew = (['disabled', 'skipped'] as const).flatMap((check) => {
    const processes = types.filter((type) => target(type) === check)
    return processes.length === 0 ? [] : [{ kind: VERBS[check], processes }]
  })
  return [...(wasSet ? [{ kind: VERBS.enabled, processes: [] }] : []), ...anew]
}

/** Memory and CPU of one process type, as resource:report has them; '' is no limit of its own. */
export const limitKey = (process: string, resource: 'memory' | 'cpu'): string =>
  `${process}.limit.${resource}`

export const ProcessList = z.array(ProcessName).max(50)
