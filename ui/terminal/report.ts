/** `report`: what the database holds, one name and value a line. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { schemaOf } from '../database/received.ts'
import { facts, Refusal, stamp, type Verb } from './terminal.ts'

export const report: Verb = ({ settings, version, open, print }, args) => {
  if (args.length > 0) throw new Refusal(`Not understood: ${args.join(' ')}`)
  const { $client } = open()
  const number = (sql: string) => Number($client.prepare(sql).pluck().get())
  const newest = number('select coalesce(max(recorded_at), 0) from events')
  print(
    facts({
      version,
      origin: settings.origin,
      'database-schema': schemaOf($client),
      'database-bytes': sizeOf(settings.data),
      apps: number('select count(*) from apps where destroyed_at is null'),
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
