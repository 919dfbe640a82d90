import { expect, test } from 'vitest'
import { accessChanges } from '../../ui/access-changes.ts'
import { openDatabase } from '../../ui/database/database.ts'
import { actorOf } from '../../ui/events/actor.ts'
import type { Event } from '../../ui/events/event.ts'
import { isUntold } from '../../ui/events/timeline.ts'
import { sentence, spoken } from '../../ui/events/words.ts'
import { attribution } from '../../ui/journal/attribution.ts'
import { accessReads } from '../../ui/properties/access.ts'
import type { AppReport } from '../../ui/reports/report.ts'
import { keepReport, reportReads, SERVER } from '../../ui/reports/table.ts'

const BLOG = 1

function changes() {
  const db = openDatabase(':memory:')
  const reports = reportReads(db)
  const keep = keepReport(db)
  const clock = { now: 1_000_000 }
  const recorded: Event[] = []
  const asked: (readonly AppReport[])[] = []
  keep(SERVER, 'plugins', ['maintenance', 'http-auth', 'redirect'], 0)
  const causes = attribution(() => clock.now)
  const on = accessChanges({
    access: accessReads(reports),
    reports,
    record: (events) => recorded.push(...causes.attributed(events)),
    now: () => clock.now,
    ask: (_, names) => asked.push(names),
  })
  return {
    ...on,
    jobOver: causes.jobOver,
    clock,
    asked,
    read: (name: 'maintenance' | 'http-auth' | 'redirect', body: object) =>
      on.keeping('blog', BLOG, name, () => keep(BLOG, name, body, clock.now)),
    /** What was recorded since, as sentences with who did it. */
    said: () =>
      recorded.splice(0).map((event) => {
        const { actor } = actorOf(event)
        const text = spoken(sentence({ ...event, app: 'blog', actor }))
        return isUntold({ ...event, seq: 1, app: 'blog' }) ? `${text} (detected)` : text
      }),
  }
}

test('a report that differs is an event; the first one is none, and neither is one that could not be read', () => {
  const { read, said } = changes()
  read('maintenance', { enabled: 'false' })
  expect(said()).toEqual([])
  read('maintenance', { enabled: 'true' })
  expect(said()).toEqual(['blog is in maintenance (detected)'])
  read('maintenance', { enabled: 'true' })
  read('maintenance', { unreadable: 'no such command' })
  read('maintenance', { enabled: 'false' })
  expect(said()).toEqual([])
  read('maintenance', { enabled: 'true' })
  read('maintenance', { enabled: 'false' })
  expect(said()).toEqual(['blog is in maintenance (detected)', 'blog is out of maintenance (detected)'])
})

test('what a job of this panel did is the doing of who asked for it', () => {
  const { read, said, jobOver, clock } = changes()
  read('maintenance', { enabled: 'false' })
  jobOver({ id: 1, kind: 'maintenance:enable', app: 'blog', who: 'ada' })
  clock.now += 2000
  read('maintenance', { enabled: 'true' })
  expect(said()).toEqual(['ada put blog into maintenance'])
  jobOver({ id: 1, kind: 'maintenance:disable', app: 'blog', who: 'ada' })
  clock.now += 3_600_000
  read('maintenance', { enabled: 'false' })
  expect(said()).toEqual(['blog is out of maintenance (detected)'])
})

test('each kind of password protection is told as what it does', () => {
  const { read, said } = changes()
  read('http-auth', { enabled: 'false', users: '' })
  read('http-auth', { enabled: 'true', users: 'ada', 'asks-for-password': 'true' })
  read('http-auth', { enabled: 'true', users: '', 'asks-for-password': 'true' })
  read('http-auth', { enabled: 'true', users: '', 'asks-for-password': 'false' })
  read('http-auth', { enabled: 'true', users: '', 'asks-for-password': 'false', 'allowed-ips': '10.0.0.1' })
  read('http-auth', { enabled: 'false', users: '' })
  expect(said()).toEqual([
    'Visitors of blog are asked for a password (detected)',
    'The password protection of blog has no user: no visitor gets in (detected)',
    'The password protection of blog has no user: everyone gets in (detected)',
    'Only listed addresses reach blog (detected)',
    'Visitors of blog are not asked for a password any more (detected)',
  ])
})

test('redirects that change among themselves are told', () => {
  const { read, said, jobOver } = changes()
  read('redirect', { text: '' })
  read('redirect', { text: 'a.test b.test 301' })
  jobOver({ id: 1, kind: 'redirect:set', app: 'blog', who: 'ada' })
  read('redirect', { text: 'a.test b.test 301\nc.test d.test 301' })
  expect(said()).toEqual(['The redirects of blog changed (detected)', 'ada changed the redirects of blog'])
})

test('a report that does not agree with the files of nginx is read again, at most each ten minutes', () => {
  const { read, listed, asked, clock } = changes()
  listed(BLOG, { app: 'blog', access: [] })
  expect(asked.splice(0)).toEqual([['maintenance', 'http-auth', 'redirect']])
  read('maintenance', { enabled: 'false' })
  read('http-auth', { enabled: 'true', users: 'ada' })
  read('redirect', { text: '' })
  listed(BLOG, { app: 'blog', access: ['http-auth'] })
  expect(asked).toEqual([])
  listed(BLOG, { app: 'blog', access: ['http-auth', 'maintenance'] })
  expect(asked).toEqual([])
  clock.now += 600_000
  listed(BLOG, { app: 'blog', access: ['http-auth', 'maintenance'] })
  listed(BLOG, { app: 'blog', access: ['http-auth'] })
  expect(asked).toEqual([['maintenance']])
})
