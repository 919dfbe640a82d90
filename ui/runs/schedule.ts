/** What the schedule of a cron entry means: the usual forms in words, and when it is next due. Pure. */
import { Cron } from 'croner'
import { two } from '../web/format.ts'

const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
])

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const DAY_NAMES = DAYS.map((day) => day.slice(0, 3).toLowerCase())
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
]
const MONTH_NAMES = ['', ...MONTHS.map((month) => month.slice(0, 3).toLowerCase())]

/** Longer ones are no one's schedule. */
const MOST_LETTERS = 200

/** Its five fields; null for another form, as `@reboot`. */
function fieldsOf(schedule: string): readonly string[] | null {
  if (schedule.length > MOST_LETTERS) return null
  const text = schedule.trim().toLowerCase()
  const fields = (NICKNAMES.get(text) ?? text).split(/\s+/)
  return fields.length === 5 ? fields : null
}

/**
 * The first time after `now`, in milliseconds since 1970; null where that is not certain. `zone`: the one the server's
 * cron goes by, as `Europe/Prague`.
 */
export function nextRun(schedule: string, now: number, zone: string): number | null {
  const fields = fieldsOf(schedule)
  const [, , day = '', , weekday = ''] = fields ?? []
  // Cron daemons disagree on whether both or one of these must fit.
  const isUnsure = [day, weekday].some((field) => field.startsWith('*/')) && day !== '*' && weekday !== '*'
  if (fields === null || isUnsure) return null
  try {
    return new Cron(fields.join(' '), { timezone: zone }).nextRun(new Date(now))?.getTime() ?? null
  } catch {
    return null
  }
}

/** "every day at 06:00", "every 15 minutes, Monday to Friday"; null for what is no usual form. */
export function scheduleWords(schedule: string): string | null {
  const fields = fieldsOf(schedule)
  if (fields === null) return null
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields
  const time = timeWords(minute, hour)
  const date = dateWords(day, month, weekday)
  if (time === null || date === null) return null
  if (time.repeats) return date === EVERY_DAY ? time.words : `${time.words}, ${date}`
  return `${date} ${time.words}`
}

const EVERY_DAY = 'every day'

/** `repeats`: several times in a day, so that "every day" goes without saying. */
function timeWords(minute: string, hour: string): { words: string; repeats: boolean } | null {
  const each = stepOf(minute, 60)
  if (each !== null) {
    if (hour !== '*') return null
    return { words: each === 1 ? 'every minute' : `every ${each} minutes`, repeats: true }
  }
  const minutes = listOf(minute, 0, 59)
  if (minutes === null) return null
  const every = stepOf(hour, 24)
  if (every !== null) {
    const past = minutes.length === 1 && minutes[0] === 0 ? '' : ` at ${joined(minutes.map(pastHour))}`
    return { words: `${every === 1 ? 'every hour' : `every ${every} hours`}${past}`, repeats: true }
  }
  const hours = listOf(hour, 0, 23)
  if (hours === null || hours.length * minutes.length > MOST) return null
  const times = hours.flatMap((one) => minutes.map((past) => `${two(one)}:${two(past)}`))
  return { words: `at ${joined(times)}`, repeats: false }
}

function dateWords(day: string, month: string, weekday: string): string | null {
  if (weekday !== '*') return day === '*' && month === '*' ? weekdayWords(weekday) : null
  if (day === '*') return month === '*' ? EVERY_DAY : null
  const days = listOf(day, 1, 31)
  if (days === null || days.length > MOST) return null
  if (month === '*') return `on the ${joined(days.map(ordinal))} of every month`
  const months = listOf(month, 1, 12, MONTH_NAMES)
  if (months === null || months.length * days.length > MOST) return null
  return `on ${joined(months.flatMap((one) => days.map((date) => `${date} ${MONTHS[one - 1]}`)))}`
}

function weekdayWords(field: string): string | null {
  const days = listOf(field, 0, 7, DAY_NAMES)
  if (days === null) return null
  const names = days.map((day) => DAYS[day % 7] ?? '')
  if (/^[^,]+-[^,]+$/.test(field) && names.length > 2) return `${names[0]} to ${names.at(-1)}`
  return names.length === 1 ? `every ${names[0]}` : joined(names)
}

/** 1 for `*`, n for a step that divides the whole evenly: any other begins anew with each hour or day. */
function stepOf(field: string, whole: number): number | null {
  if (field === '*') return 1
  const step = Number(/^\*\/(\d{1,2})$/.exec(field)?.[1] ?? 0)
  return step > 0 && step < whole && whole % step === 0 ? step : null
}

/** Numbers, names and ranges with commas between; null for anything else. */
function listOf(field: string, least: number, most: number, names: readonly string[] = []): number[] | null {
  const numberOf = (text = ''): number =>
    /^\d{1,2}$/.test(text) ? Number(text) : names.includes(text) ? names.indexOf(text) : Number.NaN
  const numbers: number[] = []
  for (const part of field.split(',')) {
    const [from, to = from, ...rest] = part.split('-').map(numberOf)
    if (from === undefined || to === undefined || rest.length > 0) return null
    if (!(from >= least && to <= most && from <= to)) return null
    for (let one = from; one <= to; one += 1) numbers.push(one)
  }
  return [...new Set(numbers)]
}

/** More than these are no longer read as a sentence. */
const MOST = 4

const joined = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

const pastHour = (minute: number): string => `:${two(minute)}`

function ordinal(day: number): string {
  const isTeen = day > 10 && day < 14
  return `${day}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`
}

/** "Tue 1 Dec, 06:00" as the clock of the server shows it. */
export const inZone = (at: number, zone: string): string => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    hourCycle: 'h23',
  }).formatToParts(at)
  const part = (wanted: string): string => parts.find(({ type }) => type === wanted)?.value ?? ''
  return `${part('weekday')} ${part('day')} ${part('month')}, ${part('hour')}:${part('minute')}`
}

/** The one cron goes by: the panel runs on the same host. */
export const serverZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
