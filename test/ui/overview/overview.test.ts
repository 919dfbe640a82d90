import { beforeAll, expect, test } from 'vitest'
import { apps } from '../../../ui/apps/table.ts'
import { asker } from '../story/ask.ts'
import { DAY, deploy, HOUR, MINUTE, seen, told } from '../story/events.ts'
import { NOW, seed, unseeded } from '../story/seed.ts'

let ask: ReturnType<typeof asker>
beforeAll(() => {
  ask = asker(seed())
})

test('what wants a look comes first, each with its one next step', async () => {
  const text = await ask.text('/')
  expect(text).toMatch(/^Overview 7 of 10 apps running 5 things want a look/)
  expect(text).toMatch(/photos runs with fewer processes than it should .*Read its logs/)
  expect(text).toMatch(/photos has an expired certificate .*Renew it/)
  expect(text).toMatch(/api was not deployed: Build failed at step 4\/5 RUN npm ci .*See what failed/)
  expect(text).toMatch(/shop has a certificate that was not renewed: 9 days left .*Renew it/)
})

test('an app whose first deploy crashed is one thing to look at, not two', async () => {
  const { db, record } = unseeded()
  record([told(NOW - DAY, 'ada', 'post-create', ['blog'])])
  const end = { step: 'checks', reason: 'web.1 ended right after its start: no DATABASE_URL' } as const
  record(deploy({ app: 'blog', at: NOW - HOUR, who: 'ada', end }))
  db.update(apps)
    .set({ state: 'crashed', stateAt: NOW - HOUR })
    .run()
  const text = await asker({ db }).text('/')
  expect(text).toContain('1 thing wants a look')
  expect(text).toContain('blog was not deployed: web.1 ended right after its start')
})

test.each([
  [9 * DAY, 'that nothing renews: 9 days left'],
  [HOUR, 'that nothing renews: expires today'],
])(
  'a certificate put on by hand is renewed by nothing, and the page does not say otherwise (%i ms left)',
  async (left, says) => {
    const { db, record } = unseeded()
    record([
      told(NOW - DAY, 'ada', 'post-create', ['blog']),
      seen(NOW - HOUR, 'certificate-seen', ['blog', '{"untold":false}'], {
        hostnames: ['blog.example.com'],
        issuer: 'C = DE, O = Demo, CN = blog.example.com',
        subject: 'CN=blog.example.com',
        startsAt: NOW - DAY,
        expiresAt: NOW + left,
        verified: 'self signed',
      }),
    ])
    expect(await asker({ db }).text('/')).toMatch(new RegExp(`blog has a certificate ${says} .*Replace it`))
    expect(await asker({ db }).text('/apps/blog/certificate')).toContain('Nothing renews this certificate')
  },
)

test('the certificate of an app that was destroyed is listed and counted nowhere', async () => {
  const { db, record } = seed()
  record([told(NOW + MINUTE, 'ada', 'post-delete', ['photos', 'latest'])])
  const own = asker({ db })
  expect(await own.text('/')).not.toContain('photos has an expired certificate')
  const [, listed = ''] = /Certificates All (.*)/.exec(await own.text('/')) ?? []
  expect(listed).toContain('shop')
  expect(listed).not.toContain('photos')
  expect(await own.html('/')).toMatch(/Certificates[\s\S]{0,400}>1</)
})

test('when nothing does, one line says so', async () => {
  const { db, record } = unseeded()
  record([told(NOW - DAY, 'ada', 'post-create', ['blog'])])
  expect(await asker({ db }).text('/')).toContain('0 of 1 app running, none in trouble')
})

test('a failure wants a look until a later deploy went well, whatever runs or was canceled meanwhile', async () => {
  const { db, record } = seed()
  const own = asker({ db })
  const failure = 'api was not deployed: Build failed at step 4/5 RUN npm ci'
  record(deploy({ app: 'api', at: NOW + MINUTE, who: 'grace', end: 'canceled' }))
  expect(await own.text('/')).toContain(failure)
  const next = deploy({
    app: 'api',
    at: NOW + 2 * MINUTE,
    who: 'grace',
    took: 9000,
    revision: 'f'.repeat(40),
  })
  const live = next.findIndex(({ trigger }) => trigger === 'post-deploy')
  record(next.slice(0, live))
  expect(await own.text('/')).toContain(failure)
  record(next.slice(live, live + 1))
  expect(await own.text('/')).not.toContain('api was not deployed')
  record(next.slice(live + 1))
  expect(await own.text('/')).not.toContain('api was not deployed')
})

test('an app that lacks processes wants no look while it is deployed, and one again if that failed', async () => {
  const { db, record } = seed()
  const own = asker({ db })
  const lacks = 'photos runs with fewer processes than it should'
  const next = deploy({ app: 'photos', at: NOW + MINUTE, who: 'grace', end: { step: 'build', reason: 'No' } })
  record(next.slice(0, -1))
  const text = await own.text('/')
  expect(text).toMatch(/^Overview 7 of 10 apps running 4 things want a look/)
  expect(text).not.toContain(lacks)
  expect(text).not.toContain('photos is deploying')
  record(next.slice(-1))
  expect(await own.text('/')).toContain(lacks)
})

test('of several failures in a row the newest is shown', async () => {
  const { db, record } = seed()
  const end = { step: 'checks', reason: 'A check of web.1 failed' } as const
  record([
    ...deploy({ app: 'api', at: NOW + MINUTE, who: 'grace', end }),
    ...deploy({ app: 'api', at: NOW + 2 * MINUTE, who: 'grace', end: 'running' }),
  ])
  const text = await asker({ db }).text('/')
  expect(text).toContain('api was not deployed: A check of web.1 failed')
  expect(text).not.toContain('api was not deployed: Build failed')
})

test('a failure is no trouble any more once a later deploy went well', async () => {
  const { db, record } = seed()
  record(deploy({ app: 'api', at: NOW, who: 'grace', took: 9000, revision: 'f'.repeat(40) }))
  expect(await asker({ db }).text('/')).not.toContain('api was not deployed')
})

test('trouble of the panel itself stands above all, with what to type', async () => {
  const troubles = () =>
    [{ kind: 'panel', text: '3 events could not be read.', command: 'dokku dokkubase:doctor' }] as const
  expect(await asker(seed(), { troubles }).text('/')).toMatch(
    /6 things want a look .*3 events could not be read\. .*dokkubase:doctor.*photos/,
  )
})

test('deploys that run now are shown, and all of the last fourteen days as bars that lead to their day', async () => {
  const page = await ask.html('/')
  expect(page).toContain('href="/deployments?day=2026-11-03"')
  expect(page.match(/href="\/deployments\?day=/g)).toHaveLength(14)
  expect(page).toContain('aria-label="3 Nov: 4 deployments, 1 failed"')
  expect(await ask.text('/')).toMatch(/Deploying now .*shop #54/)
})

test('the last ten events are told in words', async () => {
  expect(await ask.text('/')).toMatch(
    /What happened last .*ci-runner is deploying shop #54 .*ada deployed blog/,
  )
})

test('a server without apps says what to do first', async () => {
  expect(await asker(unseeded()).text('/')).toContain('dokku apps:create blog')
})

test('a day with one deployment is counted as one', async () => {
  const { db, record } = unseeded()
  record([
    told(NOW - MINUTE, 'ada', 'post-create', ['blog']),
    ...deploy({ app: 'blog', at: NOW - MINUTE, who: 'ada', took: 9000 }),
  ])
  expect(await asker({ db }).html('/')).toContain('aria-label="3 Nov: 1 deployment"')
})
