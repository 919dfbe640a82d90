import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { doctor } from '../../../ui/terminal/doctor.ts'
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
  expect(said.trimEnd().split('\n')).toHaveLength(6)
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

test('events set aside are counted', async () => {
  const { data } = server()
  mkdirSync(`${data}/set-aside`)
  writeFileSync(`${data}/set-aside/broken`, '')
  expect(await seat({ data }).run(doctor)).toContain(
    `wrong 1 event that could not be read: set aside\tls ${data}/set-aside\n`,
  )
})
