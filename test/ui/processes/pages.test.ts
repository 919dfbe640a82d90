import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { apps } from '../../../ui/apps/table.ts'
import { type Deaths, processOf, type StateDetail } from '../../../ui/processes/process.ts'
import { containers, processDeaths, processTypes } from '../../../ui/processes/table.ts'
import { keepReport, SERVER } from '../../../ui/reports/table.ts'
import { report } from '../../../ui/terminal/report.ts'
import { asker } from '../story/ask.ts'
import { told } from '../story/events.ts'
import { NOW, seed, unseeded } from '../story/seed.ts'
import { seat } from '../terminal/terminal.ts'
import { container } from './lines.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
type Row = typeof apps.$inferInsert

/** blog, as Docker and Dokku have it. */
function blog(row: Partial<Row>, rows: Partial<Parameters<typeof container>[0]>[] = [{}], deaths?: Deaths) {
  const on = seed()
  const { db } = on
  const id = db.select().from(apps).where(eq(apps.name, 'blog')).get()?.id ?? 0
  db.update(apps)
    .set({ recent: 's', ...row })
    .where(eq(apps.id, id))
    .run()
  db.delete(containers).where(eq(containers.appId, id)).run()
  for (const [index, changes] of rows.entries())
    db.insert(containers)
      .values(container({ id: `c${index + 1}`, appId: id, since: NOW - 40 * SECOND, ...changes }))
      .run()
  if (deaths !== undefined)
    db.insert(processDeaths)
      .values({ appId: id, process: processOf({ processType: 'web', number: 1 }), ...deaths })
      .run()
  return { ...on, id, ask: asker(on) }
}

const last = { at: NOW - 40 * SECOND, from: NOW, exitCode: 137, memory: true, aliveMs: 1, count: 1 }
const loop = { since: NOW - 12 * MINUTE - 40 * SECOND, deaths: 7, memory: 7 }
const ended: StateDetail = {
  kind: 'ended',
  ended: { process: 'web.1', last, loop, gaveUpAfter: null, memoryLimit: 60 * 2 ** 20 },
}
const killed = { state: 'killed for memory', stateDetail: ended } as const
const deaths: Deaths = { containerId: 'c1', recent: [last], loop, ooms: null }
const WORDS = 'web.1 was killed for memory 7 times in 12 min at its limit of 60 MB'

describe('an app that is killed for memory again and again', () => {
  const { ask, db } = blog(killed, [{ memoryLimit: 60 * 2 ** 20 }], deaths)

  test('stands above all on the overview, with how often, since when and the last time', async () => {
    expect(await ask.text('/')).toContain(
      `killed for memory blog ${WORDS} the last 40 s ago Change its memory limit`,
    )
  })

  test('is no running app in any list, count or filter', async () => {
    for (const view of ['grid', 'list'])
      expect(await ask.text(`/apps?q=blog&view=${view}`)).toMatch(/blog .*killed for memory/)
    expect(await ask.text('/apps?state=trouble')).toContain('blog')
    expect(await ask.text('/apps?state=running')).not.toContain('blog')
    expect(await ask.text('/apps?sort=state&view=list')).toMatch(/blog .*shop/)
  })

  test('says so in the head of each of its pages, and why where its processes are', async () => {
    for (const tab of ['', '/deployments', '/events', '/processes'])
      expect(await ask.text(`/apps/blog${tab}`), tab).toMatch(/^.{0,120}blog killed for memory/)
    for (const tab of ['', '/processes']) {
      const text = await ask.text(`/apps/blog${tab}`)
      expect(text, tab).toContain(`blog ${WORDS}, the last 40 s ago Change memory limit Show logs`)
      expect(text, tab).toContain(
        'killed for memory web.1 was killed for memory 7 times in 12 min at its limit of 60 MB, the last 40 s ago',
      )
    }
    expect(await ask.html('/apps/blog')).toContain('href="/apps/blog/processes#limits"')
  })

  test('is named by dokku dokkubase:report', async () => {
    const { db: _, ...on } = blog(killed)
    const said = await seat(blog(killed)).run(report)
    expect(on.id).toBeGreaterThan(0)
    expect(said).toContain(
      `\napps-need-attention blog (killed for memory): ${WORDS}, the last 40 s ago; photos (degraded): `,
    )
  })

  test('does not stand there once it runs', async () => {
    db.update(apps).set({ state: 'running', stateDetail: null }).where(eq(apps.name, 'blog')).run()
    expect(await ask.text('/')).not.toContain('was killed for memory 7 times')
  })
})

describe('a process', () => {
  const chips = async (...given: Parameters<typeof blog>) =>
    await blog(...given).ask.text('/apps/blog/processes')

  test('that crashed says how it ended, and whether Docker gave up', async () => {
    const gone = { state: 'crashed', exitCode: 1, restarts: 10 } as const
    expect(await chips({ state: 'crashed' }, [gone])).toMatch(
      /crashed web\.1 exited with code 1; Docker gave up after 10 restarts 40 s ago/,
    )
  })

  test('that ended once and runs again was restarted', async () => {
    const once = { ...deaths, loop: null }
    expect(await chips({ state: 'running' }, [{}], once)).toContain('running web.1 restarted 40 s ago')
  })

  test('of which the kernel killed a part for memory says so', async () => {
    const ooms = { count: 3, lastAt: NOW - MINUTE, recordedAt: NOW - MINUTE }
    expect(await chips({ state: 'running' }, [{}], { ...deaths, recent: [], loop: null, ooms })).toContain(
      'web.1 a process in it was killed for memory 3 times; running since 40 s ago',
    )
  })

  test('that scaling stopped is not shown, and one that was stopped otherwise is', async () => {
    const stopped = { number: 2, name: 'blog.web.2', state: 'exited', exitCode: 143 } as const
    const { db, id, ask } = blog({ state: 'running' }, [{}, stopped])
    db.delete(processTypes).where(eq(processTypes.appId, id)).run()
    db.insert(processTypes).values({ appId: id, processType: 'web', quantity: 1 }).run()
    expect(await ask.text('/apps/blog/processes')).not.toContain('web.2')
    db.update(processTypes).set({ quantity: 2 }).where(eq(processTypes.appId, id)).run()
    expect(await ask.text('/apps/blog/processes')).toMatch(/1 of 2 running .*stopped web\.2 stopped 40 s ago/)
  })

  test('that a deploy left over is marked, with how to remove it', async () => {
    const over = {
      ...{ name: 'blog.web.1.upcoming-4698', state: 'starting', inService: false },
      ...{ addresses: ['172.17.0.9'], createdAt: NOW - 60 * MINUTE },
    } satisfies Parameters<typeof container>[0]
    for (const page of ['/apps/blog', '/apps/blog/processes']) {
      const text = await blog({ state: 'running', upstreams: [] }, [
        { createdAt: NOW - 90 * MINUTE },
        over,
      ]).ask.text(page)
      expect(text).toContain('left over web.1 left over, serves nothing')
      expect(text).toContain('docker rm --force blog.web.1.upcoming-4698')
    }
  })
})

describe('an app that nginx does not reach', () => {
  const detail: StateDetail = { kind: 'unreachable', addresses: ['172.17.0.7'], some: false }
  const { ask } = blog({ state: 'unreachable', stateDetail: detail })

  test('says where requests go, and offers to have nginx’s configuration built', async () => {
    const text = await ask.text('/apps/blog')
    expect(text).toContain('blog is running, but nginx sends requests to 172.17.0.7, where it no longer is')
    expect(text).toContain('dokku proxy:build-config blog')
    expect(await ask.html('/apps/blog')).toContain('action="/apps/blog/proxy-configs"')
    expect(await ask.text('/')).toContain('where it no longer is')
    expect(await ask.text('/apps?state=trouble')).toContain('blog')
  })
})

describe('what was never read', () => {
  const fresh = () => {
    const { db, record } = unseeded()
    record([told(NOW - MINUTE, 'root', 'post-create', ['blog'])])
    const id = db.select().from(apps).get()?.id ?? 0
    db.update(apps).set({ state: 'running' }).run()
    db.insert(containers)
      .values(container({ appId: id }))
      .run()
    return { db, ask: asker({ db }), id }
  }

  test('of a formation is unknown, not 0', async () => {
    const { ask, db, id } = fresh()
    expect(await ask.text('/apps/blog')).toMatch(/web 1 running; formation not read yet .*running web\.1/)
    expect(await ask.text('/apps/blog')).not.toContain('scaled to 0')
    expect(await ask.text('/apps/blog/processes')).toContain('1 running; formation not read yet')
    expect(await ask.text('/apps?view=list')).not.toContain('no processes')
    db.delete(containers).run()
    expect(await ask.text('/apps/blog')).not.toContain('No processes')
    db.update(apps).set({ formationReadAt: NOW, lookedAt: NOW }).run()
    db.insert(processTypes).values({ appId: id, processType: 'web', quantity: 0 }).run()
    expect(await ask.text('/apps/blog')).toContain('web scaled to 0')
  })

  test('of domains and certificate is unknown, not none', async () => {
    const { ask, db } = fresh()
    const none = {
      '/apps/blog': ['No domains'],
      '/apps/blog/domains': ['No domains'],
      '/apps/blog/certificate': ['No certificate'],
    }
    const said = async () =>
      Promise.all(
        Object.entries(none).map(async ([page, words]) => {
          const text = await ask.text(page)
          return words.map((each) => text.includes(each))
        }),
      )
    expect((await said()).flat()).toEqual([false, false, false])
    expect(await ask.text('/certificates')).not.toContain('blog ')
    db.update(apps).set({ lookedAt: NOW }).run()
    expect((await said()).flat()).toEqual([true, true, true])
  })

  test('of a state is in a group of its own, with its reason', async () => {
    const { ask, db } = fresh()
    const stateDetail: StateDetail = { kind: 'unknown', why: 'docker', scheduler: '' }
    db.update(apps).set({ state: 'unknown', stateDetail }).run()
    expect(await ask.text('/apps?state=unknown')).toContain('blog')
    expect(await ask.text('/apps?state=stopped')).not.toContain('blog.')
    expect(await ask.text('/apps/blog')).toContain(
      'blog is in an unknown state: Docker does not list its containers',
    )
  })
})

describe('what stands between an app and its visitors', () => {
  const restricted = (plugins: readonly string[], reports: Readonly<Record<string, unknown>>) => {
    const on = blog({ state: 'running' })
    const keep = keepReport(on.db)
    keep(SERVER, 'plugins', plugins, NOW)
    for (const [name, body] of Object.entries(reports)) keep(on.id, name as 'maintenance', body, NOW)
    return on
  }
  const EVERYWHERE = [
    '/',
    '/apps?view=grid&q=blog',
    '/apps?view=list&q=blog',
    '/apps/blog',
    '/apps/blog/logs?x',
  ]

  test.each([
    ['in maintenance', { maintenance: { enabled: 'true' } }],
    ['password', { 'http-auth': { enabled: 'true', users: 'ada', 'asks-for-password': 'true' } }],
    [
      'open: password without a user',
      { 'http-auth': { enabled: 'true', users: '', 'asks-for-password': 'false' } },
    ],
  ])('%s: stands wherever its state does', async (words, reports) => {
    const { ask, db } = restricted(Object.keys(reports), reports)
    for (const page of EVERYWHERE.slice(0, 4)) expect(await ask.text(page), page).toContain(words)
    expect(await ask.text('/')).toMatch(new RegExp(`Restricted for visitors blog ${words}`))
    expect(await seat({ db }).run(report)).toContain(`\napps-restricted blog: ${words}`)
  })

  test('redirects stand beside the state, but keep nobody out', async () => {
    const { ask } = restricted(['redirect'], { redirect: { text: 'a.test b.test 301\n' } })
    expect(await ask.text('/apps/blog')).toMatch(/blog running redirects/)
    expect(await ask.text('/')).not.toContain('Restricted for visitors')
  })

  test('is unknown where it was not read, and nothing where the plugin is not there', async () => {
    const unread = restricted(['maintenance', 'http-auth'], {})
    expect(await unread.ask.text('/apps/blog')).toMatch(/blog running maintenance unknown password unknown/)
    const without = restricted([], { maintenance: { enabled: 'true' } })
    expect(await without.ask.text('/apps/blog')).not.toContain('maintenance')
    const off = restricted(['maintenance'], { maintenance: { enabled: 'false' } })
    expect(await off.ask.text('/apps/blog')).not.toContain('maintenance')
  })
})
