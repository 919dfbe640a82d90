import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../ui/database/database.ts'
import { eventId, seenEvent } from '../../../ui/events/event.ts'
import { recording } from '../../../ui/recording.ts'
import { keepReport, SERVER } from '../../../ui/reports/table.ts'
import { doctor } from '../../../ui/terminal/doctor.ts'
import { told } from '../story/events.ts'
import { NOW } from '../story/seed.ts'
import { place, seat } from './terminal.ts'

/** A server's folders as an install leaves them. */
function server(): { data: string; outbox: string } {
  const data = place()
  const outbox = `${data}/data/dokkubase/outbox`
  mkdirSync(outbox, { recursive: true })
  return { data, outbox }
}

test('where all is well every line says so', async () => {
  const said = await seat(server()).run(doctor)
  expect(said.trimEnd().split('\n')).toHaveLength(7)
  expect(said).not.toMatch(/^wrong/m)
})

test('Dokku is asked for real: one that is not there is wrong, in the words of the gate', async () => {
  const { data } = server()
  const found = await seat({ data, dokku: '/opt/nowhere/dokku' }).run(doctor)
  expect(found).toMatch(
    /^wrong Dokku does not answer the panel: .*No such file.*\tsudo dokku plugin:install$/m,
  )
})

test('events that wait are named once they are late, not while they are read', async () => {
  const { data, outbox } = server()
  const seconds = Math.floor(NOW / 1000)
  writeFileSync(`${outbox}/${seconds}.000001-1-1`, '')
  expect(await seat({ data }).run(doctor)).toContain('ok Events are recorded as they happen')
  writeFileSync(`${outbox}/${seconds - 90}.000001-1-1`, '')
  expect(await seat({ data }).run(doctor)).toContain(
    'wrong 1 event waiting for longer than a minute\tdokku dokkubase:restart\n',
  )
})

test('an outbox that is not there is wrong, with what to type', async () => {
  expect(await seat({}).run(doctor)).toMatch(/wrong The outbox cannot .*\tsudo dokku plugin:install\n/)
})

test('a database that is damaged is wrong', async () => {
  const { data } = server()
  writeFileSync(`${data}/dokkubase.db`, 'ruins')
  chmodSync(`${data}/dokkubase.db`, 0o600)
  expect(await seat({ data }).run(doctor)).toMatch(
    /wrong The database cannot be opened: .*\tdokku dokkubase:restore/,
  )
})

test('keys that Dokku obeys are named with their app, until root allows them', async () => {
  const { data } = server()
  const db = openDatabase(`${data}/dokkubase.db`)
  const { record } = recording(db, { publish: () => {} }, () => NOW)
  const sawConfig = (...args: readonly string[]) =>
    record([
      seenEvent({ id: eventId(NOW, 1, args.join()), host: 'local', trigger: 'config-seen', at: NOW, args }),
    ])
  record([told(NOW, 'ada', 'post-create', ['blog'])])
  sawConfig('blog', 'IMAGE', 'LD_PRELOAD', 'GIT_REV', 'DOKKU_PROXY_TYPE', 'LOG_LEVEL', 'NEW_LOCAL')
  sawConfig('--global', 'PATH')
  const said = await seat({ data, db }).run(doctor)
  expect(said).toContain(
    'wrong blog has config that Dokku or its programs on the server obey: IMAGE LD_PRELOAD\tdokku config:unset --no-restart blog IMAGE LD_PRELOAD\n',
  )
  expect(said).toContain('wrong --global has config that Dokku or its programs on the server obey: PATH\t')
  const keep = keepReport(db)
  keep(SERVER, 'reserved', ['program LD_*', 'script NEW_LOCAL'], 1)
  expect(await seat({ data, db }).run(doctor)).toContain('obey: LD_PRELOAD NEW_LOCAL\tdokku')
  keep(SERVER, 'allowed', ['allow-config-keys'], 1)
  const allowed = await seat({ data, db }).run(doctor)
  expect(allowed).toContain(
    'ok blog has config that Dokku or its programs on the server obey: LD_PRELOAD NEW_LOCAL; root allows it\n',
  )
  expect(allowed).not.toMatch(/^wrong/m)
  db.$client.close()
})

test('events set aside are counted', async () => {
  const { data } = server()
  mkdirSync(`${data}/set-aside`)
  writeFileSync(`${data}/set-aside/broken`, '')
  expect(await seat({ data }).run(doctor)).toContain(
    `wrong 1 event that could not be read: set aside\tls ${data}/set-aside\n`,
  )
})
