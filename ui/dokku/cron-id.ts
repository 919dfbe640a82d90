/** Dokku's id of a cron entry: app, command and schedule as one number. Pure. */

/** The bytes as one large number; the other way round is `entryOf`. */
export const cronId = (app: string, { command, schedule }: Entry): string =>
  BigInt(`0x${Buffer.from([app, command, schedule].join(BETWEEN)).toString('hex')}`).toString(BASE)

export interface Entry {
  readonly command: string
  readonly schedule: string
}

/** What an id stands for; null where it is none of Dokku's. */
export function entryOf(id: string): Entry | null {
  // Longer ones are nobody's command, and would take their time.
  if (!/^[0-9a-z]{1,2000}$/.test(id)) return null
  const hex = [...id]
    .reduce((sum, digit) => sum * BigInt(BASE) + BigInt(parseInt(digit, BASE)), 0n)
    .toString(16)
  const text = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('utf8')
  const [, command, schedule] = SHAPE.exec(text) ?? []
  return command === undefined || schedule === undefined ? null : { command, schedule }
}

const BASE = 36
const BETWEEN = '==='
const SHAPE = /^[a-z0-9][a-z0-9._-]*===([^\p{Cc}\u{FFFD}]+)===([^=\p{Cc}\u{FFFD}]+)$/u
