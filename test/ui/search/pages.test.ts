import { beforeAll, describe, expect, test } from 'vitest'
import { apps } from '../../../ui/apps/table.ts'
import { domains } from '../../../ui/domains/table.ts'
import { asker, expectHarmless, HOSTILE, mainOf, textOf } from '../story/ask.ts'
import { deploy, MINUTE, told } from '../story/events.ts'
import { NOW, seed, unseeded } from '../story/seed.ts'

let ask: ReturnType<typeof asker>
beforeAll(() => {
  ask = asker(seed())
})

const at = (q: string): string => `/search?${new URLSearchParams({ q })}`
const goesTo = async (q: string): Promise<string | null> => {
  const answer = await ask.panel.request(at(q))
  return answer.status === 302 ? answer.headers.get('location') : null
}
const suggested = async (q: string): Promise<string> => {
  const answer = await ask.panel.request(`/search/suggestions?${new URLSearchParams({ q })}`)
  expect(answer.status).toBe(200)
  return answer.text()
}

describe('the search', () => {
  test.each([
    ['blog', '/apps/blog'],
    ['BLOG ', '/apps/blog'],
    ['api #36', '/apps/api/deployments/36'],
    ['blog.example.com', '/apps/blog/domains'],
    ['jobs', '/jobs'],
    ['blog logs', '/apps/blog/logs'],
  ])('"%s" goes to %s at once', async (q, href) => {
    expect(await goesTo(q)).toBe(href)
  })

  test('goes to the one thing that is like what was typed', async () => {
    expect(await goesTo('blo')).toBeNull()
    const { db, record } = unseeded()
    record(deploy({ app: 'blog', at: NOW - MINUTE, who: 'ada' }))
    const answer = await asker({ db }).panel.request(at('lo'))
    expect(answer.headers.get('location')).toBe('/apps/blog')
  })

  test('lists what several things are like, as a page that needs no script', async () => {
    const page = await ask.html(at('sho'))
    const text = textOf(mainOf(page))
    expect(text).toMatch(/shop .* App .*Domain/)
    expect(page).toContain('<form action="/search" role="search"')
    expect(page).toMatch(/name="q" id="search" value="sho"/)
  })

  test('finds deployments by their number, revision and words of their commit', async () => {
    for (const q of ['#36', '9c31', 'without an address', 'WITHOUT an address'])
      expect(textOf(await suggested(q)), q).toMatch(/api #36 9c31f04 · Refuse orders without an address/)
    expect(textOf(await suggested('shop #36'))).not.toContain('api #36')
  })

  test('that finds nothing says so and offers to create the app', async () => {
    const page = await ask.html(at('nosuch'))
    expect(textOf(mainOf(page))).toContain('Nothing is called “nosuch”')
    expect(page).toContain('dokku apps:create nosuch')
    expect(page).toMatch(/action="\/apps".*name="name" value="nosuch"/s)
    expect(await ask.html(at('no such app!'))).not.toContain('apps:create no')
  })

  test('of nothing shows the field alone', async () => {
    expect(await suggested('')).toBe('')
    expect(await suggested('  ')).toBe('')
    expect(textOf(mainOf(await ask.html('/search')))).toBe('Search')
  })

  test('takes signs of SQL and of patterns for letters', async () => {
    for (const q of ['%', '_', "'", '%shop%', 'sh_p', "shop'--"])
      expect(textOf(await suggested(q)), q).toMatch(/^Nothing is called/)
  })

  test('finds few of each kind, however many there are', async () => {
    const { db, record } = unseeded()
    record(Array.from({ length: 40 }, (_, i) => told(NOW - i, 'ada', 'post-create', [`shop-${i}`])))
    const found = await asker({ db }).html(at('shop'))
    expect(mainOf(found).match(/data-hit/g)).toHaveLength(6)
  })

  test('finds an app that was destroyed last, and where one of its name is there only that', async () => {
    const { db, record } = unseeded()
    record([
      told(NOW - 9, 'ada', 'post-create', ['shop']),
      told(NOW - 8, 'ada', 'post-delete', ['shop']),
      told(NOW - 7, 'ada', 'post-create', ['shop']),
      told(NOW - 6, 'ada', 'post-create', ['shop-old']),
      told(NOW - 5, 'ada', 'post-delete', ['shop-old']),
    ])
    const text = textOf(mainOf(await asker({ db }).html(at('sho'))))
    expect(text).toMatch(/shop no domain App shop-old destroyed App$/)
  })

  test('is markup nowhere, whoever named what is found', async () => {
    const { db, record } = unseeded()
    record(deploy({ app: 'blog', at: NOW - MINUTE, who: 'ada', subject: HOSTILE }))
    const { id } = db.select().from(apps).get() ?? { id: 0 }
    db.insert(domains).values({ appId: id, domain: HOSTILE, since: NOW, position: 9 }).run()
    const own = asker({ db })
    expectHarmless(await own.html(at('script')))
    expectHarmless(await own.html(`/search?q=${encodeURIComponent(HOSTILE)}`))
  })
})

test('every page has the field, and a link to the search where there is no room for it', async () => {
  for (const path of ['/', '/apps', '/domains', '/apps/shop/run']) {
    const page = await ask.html(path)
    expect(page).toContain('<form action="/search" role="search"')
    expect(page).toMatch(/<a href="\/search" class="button-icon md:hidden" aria-label="Search">/)
  }
})
