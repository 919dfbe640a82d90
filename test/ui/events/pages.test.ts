import { beforeAll, describe, expect, test } from 'vitest'
import { asker, mainOf, textOf } from '../story/ask.ts'
import { DAY, MINUTE, PEOPLE, seen, told } from '../story/events.ts'
import { NOW, seed, unseeded } from '../story/seed.ts'

let ask: ReturnType<typeof asker>
beforeAll(() => {
  ask = asker(seed())
})

const seqs = (page: string): number[] =>
  [...page.matchAll(/<li id="event-(\d+)"/g)].map(([, seq]) => Number(seq))
const next = (page: string): string =>
  /id="older"[^>]*><div hx-get="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''

describe('the events', () => {
  test('read as sentences, by day', async () => {
    const text = await ask.text('/events')
    expect(text).toMatch(/Today .*ada added xn--caf-dma\.example\.com to shop .*Yesterday/)
    expect(text).toContain('admin set STRIPE_KEY , STRIPE_WEBHOOK and 2 more on shop · from this panel')
  })

  test('fold a deploy into one row with how it went', async () => {
    const text = await ask.text('/events?app=api&kind=deployments')
    expect(text).toContain('grace failed to deploy api · by git push')
    expect(text).toContain('#36 Refuse orders without an address 9c31f04 Failed: build · 51 s')
    expect(text).not.toContain('went live')
  })

  test('mark what nobody told', async () => {
    expect(await ask.text('/events?seen=only')).toMatch(
      /resizer\.2 of photos was killed by SIGKILL, not for memory Seen, not told/,
    )
  })

  test('leave out what a comparison only filled in', async () => {
    const { db, record } = unseeded()
    record([
      told(NOW - MINUTE, 'ada', 'post-domains-update', ['blog', 'add', 'blog.example.com']),
      seen(NOW, 'domains-seen', ['blog', 'blog.example.com'], { untold: false }),
      seen(NOW, 'certificate-seen', ['blog', '{"untold":false}'], null),
      seen(NOW, 'formation-seen', ['blog', 'web=2']),
    ])
    const page = await asker({ db }).html('/events')
    expect(seqs(page)).toHaveLength(2)
    expect(textOf(page)).toContain('blog is scaled to 2 web')
  })

  test('tell of a scale once, from what to what and by whom, and not as what nobody told', async () => {
    const { db, record } = unseeded()
    const caller = { ...PEOPLE.panel, command: 'ps:scale' }
    const deployed = (app: string, at: number) =>
      told(at, 'panel', 'post-deploy', [app, '', '', 'latest'], { caller })
    record([
      deployed('blog', NOW - 2 * MINUTE),
      deployed('blog', NOW - 2 * MINUTE),
      { ...seen(NOW, 'formation-seen', ['blog', 'web=2'], { untold: false, before: ['web=1'] }), caller },
      deployed('shop', NOW),
    ])
    const asks = asker({ db })
    const page = await asks.html('/events')
    expect(seqs(page)).toEqual([4, 3])
    expect(textOf(page)).toContain('admin scaled blog : web from 1 to 2 · from this panel')
    expect(textOf(page)).toContain('admin scaled shop')
    expect(textOf(mainOf(page)).replace(/.*Apply/, '')).not.toContain('Seen, not told')
    expect(seqs(await asks.html('/events?seen=only'))).toEqual([])
    expect(seqs(await asks.html('/events?kind=processes'))).toEqual([3])
  })

  test('are not pushed out by what the clock runs and what goes well; its failures are told, and its kind shows all', async () => {
    const { db, record } = unseeded()
    const ran = (code: string) =>
      told(NOW, 'cron', 'scheduler-post-run', ['docker-local', 'blog', 'c0ffee', code])
    record([told(NOW - MINUTE, 'ada', 'post-create', ['blog']), ran('0'), ran('0'), ran('2')])
    const asks = asker({ db })
    expect(seqs(await asks.html('/events'))).toEqual([4, 1])
    expect(seqs(await asks.html('/events?kind=processes'))).toEqual([4, 3, 2])
    expect(seqs(await asks.html('/events?actor=cron'))).toEqual([4, 3, 2])
  })

  test('tell of a deploy that was only seen, but not of the one that made the panel’s own app', async () => {
    const { db, record } = unseeded()
    const build = (app: string) =>
      seen(NOW, 'build-seen', [app, `mws${app}`, '4000', 'git-hook'], {
        id: `mws${app}`,
        app,
        pid: 4000,
        started_at: new Date(NOW - MINUTE).toISOString(),
        status: 'succeeded',
        source: 'git-hook',
      })
    record([build('blog'), build('dokkubase')])
    expect(seqs(await asker({ db }).html('/events'))).toEqual([1])
  })

  test('are paged by key: no event is lost or shown twice', async () => {
    const all: number[] = []
    for (let path = '/events'; path !== ''; ) {
      const page = await ask.html(path)
      all.push(...seqs(page))
      path = next(page)
    }
    expect(all).toHaveLength(new Set(all).size)
    expect(all).toEqual([...all].sort((one, other) => other - one))
    expect(all.length).toBeGreaterThan(150)
  })

  test('narrow to an app, a kind and a person', async () => {
    expect(await ask.text('/events?kind=config&actor=admin')).toContain('STRIPE_KEY')
    expect(seqs(await ask.html('/events?kind=config&actor=admin'))).toHaveLength(1)
    expect(seqs(await ask.html('/apps/empty-lot/events'))).toHaveLength(1)
    expect(await ask.text('/events?app=nope')).toContain('No event like that Show all events')
  })

  test('on a new server say what fills the page', async () => {
    expect(await asker(unseeded()).text('/events')).toContain('dokku apps:create blog')
  })
})

describe('one event', () => {
  test('shows everything that was recorded of it, and what it began', async () => {
    const [seq = 0] = seqs(await ask.html('/events?app=api&kind=deployments'))
    const page = await ask.html(`/events/${seq}`)
    expect(textOf(mainOf(page))).toContain('post-extract')
    expect(textOf(mainOf(page))).toContain('"trigger": "builds-record-start"')
    expect(page).toContain('id="event"')
  })

  test('that does not exist is not found', async () => {
    expect((await ask.panel.request('/events/999999')).status).toBe(404)
  })
})

test('ps:rebuild --all, for which Dokku starts no record, is one line for each app, each with its own deployment', async () => {
  const { db, record } = unseeded()
  record([
    told(NOW - DAY, 'ada', 'post-create', ['blog']),
    told(NOW - DAY + 1, 'ada', 'post-create', ['shop']),
  ])
  const sign = (trigger: string, args: readonly string[], after: number) => ({
    ...told(NOW + after, 'root', trigger, args),
    buildId: 'mwsy72im37f3uz',
    buildSource: 'ps:rebuild',
  })
  record([
    sign('post-extract', ['blog', '/tmp/x', 'a'.repeat(40)], 10),
    sign('pre-receive-app', ['blog', 'dockerfile', '/tmp/x', 'a'.repeat(40)], 20),
    sign('post-deploy', ['blog', '', '', 'latest'], 30),
    sign('builds-record-finalize', ['blog', 'mwsy72im37f3uz', '0'], 40),
    sign('post-extract', ['shop', '/tmp/y', 'b'.repeat(40)], 50),
    sign('pre-receive-app', ['shop', 'dockerfile', '/tmp/y', 'b'.repeat(40)], 60),
    sign('builds-record-finalize', ['shop', 'mwsy72im37f3uz', '1'], 70),
  ])
  const own = asker({ db })
  for (const address of ['/events', '/events?kind=deployments', '/events?app=blog&kind=deployments']) {
    const text = await own.text(address)
    expect([address, text.match(/rebuilt blog/g)?.length]).toEqual([address, 1])
    expect([address, text.match(/failed to rebuild shop/g)?.length ?? 0]).toEqual([
      address,
      address.includes('app=blog') ? 0 : 1,
    ])
  }
  const page = await own.html('/events')
  expect(page).toContain('/apps/blog/deployments/1')
  expect(page).toContain('/apps/shop/deployments/1')
  expect(page).not.toContain('/apps//')
})

test('a clone is one line: what it clears in the copy is no event of its own', async () => {
  const { db, record } = unseeded()
  const during = (trigger: string, args: readonly string[], after: number) => {
    const event = told(NOW + after, 'ada', trigger, args)
    return { ...event, caller: { ...event.caller, command: 'apps:clone' } }
  }
  record([
    told(NOW - DAY, 'ada', 'post-create', ['web']),
    during('post-create', ['web-copy'], 1),
    during('post-app-clone-setup', ['web', 'web-copy'], 2),
    during('post-certs-remove', ['web-copy'], 3),
  ])
  const text = await asker({ db }).text('/events')
  expect(text).toContain('cloned web as web-copy')
  expect(text).not.toContain('certificate of web-copy')
})

test('events are filtered by the people who did something there, whether or not they deployed', async () => {
  const { db, record } = unseeded()
  record([
    told(NOW - 4, 'ada', 'post-create', ['blog']),
    told(NOW - 3, 'root', 'post-create', ['shop']),
    told(NOW - 2, 'grace', 'post-stop', ['shop']),
  ])
  const own = asker({ db })
  const people = async (path: string) =>
    [...(await own.html(path)).matchAll(/<option value="(ada|grace|root)"/g)].map(([, name]) => name)
  expect(await people('/events')).toEqual(['ada', 'grace', 'root'])
  expect(await people('/apps/shop/events')).toEqual(['grace', 'root'])
  expect(await people('/events?app=blog')).toEqual(['ada'])
})

test('a filter that was chosen stays chosen where nothing fits it', async () => {
  const { db, record } = unseeded()
  record([told(NOW - 4, 'ada', 'post-create', ['blog'])])
  const page = await asker({ db }).html('/apps/blog/events?actor=grace')
  expect(page).toContain('<option value="grace" selected>grace</option>')
})
