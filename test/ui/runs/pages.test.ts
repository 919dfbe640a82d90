import { beforeEach, describe, expect, test } from 'vitest'
import { cronId, type Entry } from '../../../ui/dokku/cron-id.ts'
import { type Event, noCaller } from '../../../ui/events/event.ts'
import { jobs } from '../../../ui/jobs/table.ts'
import { pageReads } from '../../../ui/pages.ts'
import type { CronEntry } from '../../../ui/reports/report.ts'
import { keepReport } from '../../../ui/reports/table.ts'
import { inZone, nextRun, serverZone } from '../../../ui/runs/schedule.ts'
import { asker, expectHarmless, HOSTILE, mainOf, textOf } from '../story/ask.ts'
import { DAY, HOUR, MINUTE, type Person, SECOND, told } from '../story/events.ts'
import { NOW, type Seed, seed } from '../story/seed.ts'

const SWEEP = { command: 'rake carts:sweep', schedule: '0 * * * *' }
const SEND = { command: 'rake invoices:send', schedule: '0 6 * * *' }

let server: Seed
let ask: ReturnType<typeof asker>
beforeEach(() => {
  server = seed()
  ask = asker(server)
})

/** What `cron:list` said of shop. */
const listed = (...entries: readonly Entry[]): void => {
  const body: readonly CronEntry[] = entries.map((entry) => ({
    ...entry,
    id: cronId('shop', entry),
    suspended: false,
    appSuspended: false,
  }))
  keepReport(server.db)(pageReads(server.db).apps.named('shop')?.id ?? -1, 'cron', body, NOW)
}

/** As the crontab of the user dokku begins it. */
const CLOCK = { ...noCaller, sshUser: 'dokku', sshName: 'default', command: 'cron:run' }

const ran = (ago: number, who: Person, code: number, entry: Entry | null = null, more: Partial<Event> = {}) =>
  told(NOW - ago, who, 'scheduler-post-run', ['docker-local', 'shop', 'c0ffee', String(code)], {
    note: entry === null ? '' : cronId('shop', entry),
    ...(who === 'cron' && { caller: CLOCK }),
    ...more,
  })

/** A job that ended a second after it began. */
const asked = (ago: number, command: string, code = 0): void =>
  void server.db
    .insert(jobs)
    .values({
      kind: command.startsWith('dokku cron:run') ? 'cron:run' : 'run',
      app: 'shop',
      who: 'admin',
      payload: {},
      command,
      priority: 10,
      runAt: NOW - ago,
      state: code === 0 ? 'succeeded' : 'failed',
      exitCode: code,
      queuedAt: NOW - ago,
      startedAt: NOW - ago,
      endedAt: NOW - ago + SECOND,
      token: 't',
    })
    .run()

const panelOf = (page: string, name: string): string =>
  textOf(new RegExp(`<section[^>]*aria-label="${name}".*?</section>`, 's').exec(mainOf(page))?.[0] ?? '')
const history = async (query = ''): Promise<string> =>
  panelOf(
    await ask.html(`/apps/shop/run${query}`),
    query.includes('entry') ? 'Runs of [^"]*' : 'What was run',
  )

describe('what was run', () => {
  test('is empty where nothing was', async () => {
    expect(await history()).toMatch(/^What was run Nothing yet/)
    expect(await history('?by=cron')).toMatch(/None of these/)
  })

  test('at a terminal or by the clock stands there with who, how it ended and when', async () => {
    server.record([ran(3 * HOUR, 'cron', 1, SWEEP), ran(2 * HOUR, 'root', 7), ran(HOUR, 'cron', 0, SEND)])
    expect(await history()).toMatch(
      /succeeded rake invoices:send by cron 1 h ago failed A command ; Dokku does not say which exit code 7 · root from a terminal 2 h ago failed rake carts:sweep exit code 1 · by cron 3 h ago/,
    )
    expect(await history('?by=hand')).not.toContain('by cron')
    expect(await history('?by=cron')).not.toContain('root')
  })

  test('leads to its event', async () => {
    server.record([ran(HOUR, 'root', 0)])
    const [, href = ''] =
      /href="(\/events\/\d+)" class="row-link/.exec(await ask.html('/apps/shop/run')) ?? []
    expect(await ask.text(href)).toContain('root ran a command in shop')
  })

  test('from here is one line, though Dokku tells of it too; also when its job is forgotten', async () => {
    asked(HOUR, 'dokku run shop rake stock')
    server.record([ran(2 * HOUR, 'panel', 0), ran(HOUR - 900, 'panel', 0), ran(50 * MINUTE, 'root', 0)])
    const said = await history()
    expect(said.match(/ago/g)).toHaveLength(3)
    expect(said).toMatch(/root from a terminal .*rake stock admin from this panel 1\.0 s .*2 h ago/)
  })

  test('in the background says nothing of how it ended', async () => {
    listed(SWEEP)
    server.record([
      ran(HOUR, 'root', 0, null, { note: ' detached' }),
      ran(HOUR, 'root', 0, null, { note: `${cronId('shop', SWEEP)} detached` }),
    ])
    expect(await history()).toMatch(
      /rake carts:sweep Began in the background · root from a terminal 1 h ago .*A command ; .* Began in/,
    )
    expect(await history()).not.toContain('exit code')
  })

  test('by a minutely entry hides nothing somebody typed', async () => {
    server.record([ran(DAY, 'root', 3)])
    server.record(Array.from({ length: 120 }, (_, i) => ran((120 - i) * MINUTE, 'cron', 0, SWEEP)))
    expect((await history()).match(/by cron/gi)?.length).toBeGreaterThanOrEqual(50)
    expect(await history('?by=hand')).toContain('exit code 3')
  })

  test('is markup nowhere, whoever named it', async () => {
    const hostile = { command: HOSTILE.replaceAll(/\p{Cf}/gu, ''), schedule: '@daily' }
    listed(hostile)
    const caller = { ...ran(0, 'root', 0).caller, sudoUser: HOSTILE }
    server.record([ran(HOUR, 'cron', 1, hostile), ran(HOUR, 'root', 1, null, { caller })])
    const page = await ask.html('/apps/shop/run')
    expect(textOf(page)).toContain('alert(1)')
    expectHarmless(page)
    expectHarmless(await ask.html(`/apps/shop/run?entry=${cronId('shop', hostile)}`))
    expectHarmless(await ask.html('/events'))
  })
})

describe('the history', () => {
  const rows = (page: string): string[] =>
    [...page.matchAll(/<a href="([^"]+)" class="row-link/g)].map(([, href = '']) => href)
  const addressIn = (page: string, part: RegExp): string =>
    part.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const next = (page: string): string => addressIn(page, /id="older"[^>]*><div hx-get="([^"]+)"/)
  const again = (page: string): string => addressIn(page, /id="running"[^>]* hx-get="([^"]+)"/)

  async function everyRow(path: string): Promise<readonly string[]> {
    const seen: string[] = []
    for (let at = path; at !== ''; ) {
      const page = await ask.html(at)
      expect(rows(page).length).toBeLessThanOrEqual(51)
      seen.push(...rows(page))
      at = next(page)
    }
    expect(seen).toHaveLength(new Set(seen).size)
    return seen
  }

  test.each(['', '?by=hand'])('%s is paged: no run is lost or shown twice', async (query) => {
    for (let minute = 70; minute > 0; minute -= 1) {
      asked(minute * MINUTE, 'dokku run shop rake stock', minute % 2)
      server.record([ran(minute * MINUTE + 30 * SECOND, 'root', 0)])
      server.record([ran(minute * MINUTE - 900, 'panel', minute % 2)])
    }
    expect(await everyRow(`/apps/shop/run${query}`)).toHaveLength(140)
  })

  test('of one cron entry is paged and narrowed to it', async () => {
    listed(SWEEP, SEND)
    for (let hour = 120; hour > 0; hour -= 1)
      server.record([
        ran(hour * HOUR, 'cron', 0, SWEEP),
        ...(hour % 24 === 0 ? [ran(hour * HOUR, 'cron', 0, SEND)] : []),
      ])
    expect(await everyRow(`/apps/shop/run?entry=${cronId('shop', SWEEP)}`)).toHaveLength(120)
  })

  test('of one moment is on one page', async () => {
    server.record(Array.from({ length: 60 }, (_, i) => ran(Math.max(i - 48, 0) * HOUR, 'root', 0)))
    expect(await everyRow('/apps/shop/run')).toHaveLength(60)
  })

  test('keeps every row it shows while new ones come in', async () => {
    server.record(Array.from({ length: 60 }, (_, i) => ran((60 - i) * HOUR, 'root', 0)))
    const before = await ask.html('/apps/shop/run?by=hand')
    server.record([ran(MINUTE, 'root', 0), ran(0, 'root', 0)])
    const after = await ask.html(again(before))
    expect(rows(after).slice(2)).toEqual(rows(before))
    expect(textOf(after)).toContain('Run a command')
  })

  test('of older runs does not change by itself', async () => {
    expect(again(await ask.html(`/apps/shop/run?before=${NOW}`))).toBe('')
  })
})

describe('a cron entry', () => {
  test('says when it runs in words, as it is written, and the next time by the clock of the server', async () => {
    listed(SWEEP, { command: 'rake odd', schedule: '*/7 3 * * 1-5' })
    const zone = serverZone()
    const next = inZone(nextRun(SWEEP.schedule, NOW, zone) ?? 0, zone)
    expect(await cron()).toContain(`rake carts:sweep every hour 0 * * * * next run ${next} `)
    expect(await cron()).toContain('rake odd */7 3 * * 1-5 next run ')
    expect(await cron()).toContain(`in the time zone of the server, ${zone}.`)
  })

  test('that is suspended has no next run', async () => {
    listed(SWEEP)
    const entry = { ...SWEEP, id: cronId('shop', SWEEP), suspended: true, appSuspended: false }
    keepReport(server.db)(pageReads(server.db).apps.named('shop')?.id ?? -1, 'cron', [entry], NOW)
    expect(await cron()).toContain('suspended every hour')
    expect(await cron()).not.toContain('next run')
  })

  const cron = async (): Promise<string> => panelOf(await ask.html('/apps/shop/run'), 'Cron')

  test('says how it went the last time, by the clock or from here', async () => {
    listed(SWEEP, SEND)
    expect(await cron()).not.toMatch(/Earlier runs/)
    server.record([ran(2 * HOUR, 'cron', 0, SWEEP), ran(HOUR, 'cron', 137, SWEEP)])
    expect(await cron()).toMatch(
      /carts:sweep every hour 0 \* \* \* \* .* failed Failed with exit code 137 1 h ago by cron/,
    )
    asked(MINUTE, `dokku cron:run shop ${cronId('shop', SWEEP)}`)
    server.record([ran(MINUTE - 900, 'panel', 0, SWEEP)])
    expect(await cron()).toMatch(
      /carts:sweep .* Succeeded 1 min ago by admin from this panel .*invoices:send/,
    )
  })

  test('that failed from here ended as Dokku told, not as its command did', async () => {
    listed(SWEEP)
    asked(HOUR, `dokku cron:run shop ${cronId('shop', SWEEP)}`, 1)
    server.record([ran(HOUR - 900, 'panel', 137, SWEEP)])
    expect(await cron()).toContain('Failed with exit code 137')
  })

  test('leads to its earlier runs and to no other', async () => {
    listed(SWEEP, SEND)
    server.record([ran(2 * HOUR, 'cron', 1, SWEEP), ran(HOUR, 'root', 0, SWEEP), ran(HOUR, 'cron', 0, SEND)])
    const said = await history(`?entry=${cronId('shop', SWEEP)}`)
    expect(said).toMatch(/^Runs of rake carts:sweep .*root from a terminal .*exit code 1 · by cron/)
    expect(said.match(/ago/g)).toHaveLength(2)
  })

  test('keeps its runs when the app is renamed, though Dokku then calls it by another id', async () => {
    server.record([
      ran(2 * HOUR, 'cron', 1, SWEEP),
      told(NOW - HOUR, 'root', 'post-app-rename-setup', ['shop', 'store']),
      told(NOW - HOUR, 'root', 'post-app-rename', ['shop', 'store']),
    ])
    const id = pageReads(server.db).apps.named('store')?.id ?? -1
    const entry = { ...SWEEP, id: cronId('store', SWEEP), suspended: false, appSuspended: false }
    keepReport(server.db)(id, 'cron', [entry], NOW)
    const page = await ask.html('/apps/store/run')
    expect(panelOf(page, 'Cron')).toMatch(/Failed with exit code 1 2 h ago by cron/)
    expect(panelOf(page, 'What was run')).toMatch(/rake carts:sweep exit code 1 · by cron/)
  })
})

test('beside the field it says who reads what is run', async () => {
  expect(await ask.text('/apps/shop/run')).toContain(
    'Every user of this panel, viewers too, can read the line',
  )
})
