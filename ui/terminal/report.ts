/** `report`: what the database holds, one name and value a line. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { type App, isInTrouble, isRepeated, reasonFor, stateOf } from '../apps/app.ts'
import { schemaOf } from '../database/received.ts'
import { type Access, conditions } from '../properties/access.ts'
import { ago } from '../web/format.ts'
import { facts, Refusal, stamp, type Verb } from './terminal.ts'

export const report: Verb = ({ settings, version, open, reads, clock, print }, args) => {
  if (args.length > 0) throw new Refusal(`Not understood: ${args.join(' ')}`)
  const db = open()
  const { $client } = db
  const { apps, access } = reads(db)
  const there = apps.all().filter(({ destroyedAt, front }) => destroyedAt === null && !front)
  const number = (sql: string) => Number($client.prepare(sql).pluck().get())
  const accessOf = access.all()
  const newest = number('select coalesce(max(recorded_at), 0) from events')
  print(
    facts({
      version,
      origin: settings.origin,
      'database-schema': schemaOf($client),
      'database-bytes': sizeOf(settings.data),
      apps: number('select count(*) from apps where destroyed_at is null'),
      'apps-running': there.filter((app) => stateOf(app) === 'running').length,
      'apps-need-attention': attention(there, clock()),
      'apps-restricted': restricted(there, accessOf, true),
      'apps-restrictions-unknown': restricted(there, accessOf, false),
      deployments: number('select count(*) from deployments'),
      'deployments-running': number("select count(*) from deployments where status = 'running'"),
      events: number('select count(*) from events'),
      'events-waiting': waiting(settings.outbox),
      'events-set-aside': waiting(`${settings.data}/set-aside`),
      'last-event-at': newest === 0 ? '' : stamp(newest),
      accounts: number('select count(*) from accounts'),
      backups: waiting(`${settings.data}/backups`),
    }),
  )
}

/** "shop: web.1 exited with code 1, 3 min ago; blog: …" */
const attention = (there: readonly App[], now: number): string =>
  there
    .filter((app) => isInTrouble(app) || (app.state === 'unknown' && app.stateDetail !== null))
    .map((app) => `${app.name} (${stateOf(app)}): ${inWords(app, now)}`)
    .join('; ')

const inWords = (app: App, now: number): string => {
  const { text, lastAt } = reasonFor(app)
  return lastAt === null ? text : `${text}, ${isRepeated(app) ? 'the last ' : ''}${ago(lastAt, now)}`
}

/** What keeps visitors from an app, or should; or of what that is not known. */
const restricted = (there: readonly App[], accessOf: (id: number) => Access, known: boolean): string =>
  there
    .flatMap(({ id, name }) => {
      const all = conditions(accessOf(id)).flatMap(({ words, isKnown }) => (isKnown === known ? words : []))
      return all.length === 0 ? [] : [`${name}: ${all.join(', ')}`]
    })
    .join('; ')

const sizeOf = (data: string): number =>
  ['', '-wal']
    .map((part) => `${data}/dokkubase.db${part}`)
    .filter((file) => existsSync(file))
    .reduce((bytes, file) => bytes + statSync(file).size, 0)

/** 0 too where it cannot be read: `doctor` says why. */
function waiting(folder: string): number {
  try {
    return readdirSync(folder).length
  } catch {
    return 0
  }
}
