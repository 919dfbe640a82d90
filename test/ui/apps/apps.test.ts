import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { isInTrouble } from '../../../ui/apps/app.ts'
import { apps } from '../../../ui/apps/table.ts'
import { pageReads } from '../../../ui/pages.ts'
import { asker, expectHarmless, HOSTILE, mainOf, textOf } from '../story/ask.ts'
import { deploy, MINUTE, seen, told } from '../story/events.ts'
import { NOW, seed, unseeded } from '../story/seed.ts'

let ask: ReturnType<typeof asker>
beforeAll(() => {
  ask = asker(seed())
})

const names = (page: string): string[] =>
  [...mainOf(page).matchAll(/<a href="\/apps\/([^"/]+)" class="row-link/g)].map(([, name = '']) => name)

describe('the list of apps', () => {
  test('shows what each app is, where it answers, what was deployed last and by whom', async () => {
    const card = textOf(
      mainOf(await ask.html('/apps'))
        .split('<li id="app-')
        .find((part) => part.includes('/apps/api"')) ?? '',
    )
    expect(card).toMatch(
      /api api\.example\.com running .*failed.* Refuse orders without an address 9c31f04 · grace · 1 h ago/,
    )
    expect(card).toContain('web 3 · scheduler 1 · worker 2')
  })

  test('says in words how the last ten deployments went', async () => {
    expect(await ask.html('/apps?q=shop')).toContain('aria-label="Last 10: 8 succeeded, 1 failed, 1 running"')
  })

  test('leaves destroyed apps out until they are asked for', async () => {
    expect(names(await ask.html('/apps'))).not.toContain('old-shop')
    expect(names(await ask.html('/apps?state=destroyed'))).toEqual(['old-shop'])
  })

  test('finds by name and by domain', async () => {
    expect(names(await ask.html('/apps?q=ho'))).toEqual(['photos', 'shop'])
    expect(names(await ask.html('/apps?q=example.org'))).toEqual(['wiki'])
  })

  test('narrows to what is in trouble', async () => {
    expect(names(await ask.html('/apps?state=trouble'))).toEqual(['photos'])
  })

  test('counts no app as stopped that was never deployed', async () => {
    expect(names(await ask.html('/apps?state=stopped'))).not.toContain('empty-lot')
    expect(names(await ask.html('/apps?state=undeployed'))).toContain('empty-lot')
  })

  test('puts what wants a look first when sorted by state, and the newest first by deployment', async () => {
    expect(names(await ask.html('/apps?view=list&sort=state')).slice(0, 2)).toEqual(['photos', 'shop'])
    const page = await ask.html('/apps?view=list&sort=deployed')
    expect(names(page).slice(0, 3)).toEqual(['shop', 'blog', 'api'])
    expect(page).toContain('aria-sort="ascending"')
  })

  test('sorts by the same means as cards and as rows, and keeps the order when the view changes', async () => {
    for (const sort of ['name', '-name', 'state', '-state', 'deployed', '-deployed']) {
      const cards = await ask.html(`/apps?view=grid&sort=${sort}`)
      expect(names(cards), sort).toEqual(names(await ask.html(`/apps?view=list&sort=${sort}`)))
      expect(cards, sort).toMatch(new RegExp(`<option value="${sort === 'name' ? '' : sort}" selected>`))
    }
    expect(names(await ask.html('/apps?sort=-name'))[0]).toBe('wiki')
    expect(await ask.html('/apps?q=s&sort=deployed')).toContain(
      'href="/apps?q=s&amp;sort=deployed&amp;view=list"',
    )
  })

  test('ignores what an address may not say', async () => {
    expect(names(await ask.html('/apps?state=<b>&sort=password&view=x'))).toHaveLength(10)
  })

  test('remembers the view that was chosen last', async () => {
    const answer = await ask.panel.request('/apps?view=list')
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect(await ask.html('/apps', { Cookie: cookie })).toContain('<table')
    expect(await ask.html('/apps')).not.toContain('<table')
  })

  test('asks for itself again, with the filter it was asked with', async () => {
    expect(await ask.html('/apps?q=shop')).toMatch(/id="apps" data-topics="apps" hx-get="\/apps\?q=shop"/)
  })

  test('says what to type on a server without apps', async () => {
    expect(await asker(unseeded()).text('/apps')).toContain('dokku apps:create blog')
  })

  test('says that nothing was found, and the way back', async () => {
    expect(await ask.text(`/apps?q=${encodeURIComponent('<nope>')}`)).toContain(
      'No app is called “<nope>” Show all apps',
    )
  })

  test('shows the name somebody gave an app as text, whatever it is', async () => {
    const { db, record } = unseeded()
    record([
      told(NOW, 'root', 'post-create', [HOSTILE]),
      told(NOW, 'root', 'post-domains-update', [HOSTILE, 'add', HOSTILE]),
    ])
    const odd = asker({ db })
    for (const path of [
      '/apps',
      '/apps?view=list',
      `/apps?q=${encodeURIComponent(HOSTILE)}`,
      `/apps/${encodeURIComponent(HOSTILE)}`,
    ])
      expectHarmless(await odd.html(path))
  })
})

test('the number in the sidebar is that of the apps in trouble', () => {
  const { db, record } = seed()
  const { apps } = pageReads(db)
  expect(apps.countInTrouble()).toBe(apps.all().filter(isInTrouble).length)
  expect(apps.countInTrouble()).toBe(1)
  record(deploy({ app: 'photos', at: NOW + MINUTE, who: 'grace', end: 'running' }))
  expect(apps.named('photos')?.state).toBe('degraded')
  expect(apps.countInTrouble()).toBe(apps.all().filter(isInTrouble).length)
  expect(apps.countInTrouble()).toBe(0)
})

test('an app that its owner scaled to 0 needs no attention, one that is not running for another reason does', () => {
  const { db } = seed()
  const reads = pageReads(db).apps
  const before = reads.countInTrouble()
  const set = (stateDetail: typeof apps.$inferInsert.stateDetail) =>
    db.update(apps).set({ state: 'stopped', stopped: false, stateDetail }).where(eq(apps.name, 'api')).run()
  for (const [detail, more] of [
    [{ kind: 'scaled' }, 0],
    [{ kind: 'stopped', by: 'itself' }, 1],
    [null, 1],
  ] as const) {
    set(detail)
    expect([detail, reads.countInTrouble()]).toEqual([detail, before + more])
    expect(reads.all().filter(isInTrouble)).toHaveLength(before + more)
  }
})

describe('the page of an app', () => {
  test('says what runs, since when and by whom, also after a change of config restarted it', async () => {
    const text = await ask.text('/apps/shop')
    expect(text).toMatch(/What runs Keep the cart over a sign-in Revision 64590bb/)
    expect(text).toContain('Deployment #53 config change')
    expect(text).toContain('By admin · panel')
  })

  test('never calls what was only pushed the running one', async () => {
    const text = await ask.text('/apps/api')
    expect(text).toMatch(/Last deployment .*Failed: build/)
    expect(text).not.toMatch(/What runs Refuse orders/)
  })

  test('says after a restart that it runs what was built last, also where the deploy of that had failed', async () => {
    const { db, record } = unseeded()
    const [good, bad] = ['a'.repeat(40), 'b'.repeat(40)]
    const check = { step: 'checks', reason: 'A check of web.1 failed' } as const
    const push = { app: 'blog', who: 'ada' } as const
    record([
      ...deploy({ ...push, at: NOW - 9 * MINUTE, revision: good, subject: 'Good' }),
      ...deploy({ ...push, at: NOW - 6 * MINUTE, revision: bad, subject: 'Bad', end: check }),
    ])
    expect(await asker({ db }).text('/apps/blog')).toMatch(/What runs Good Revision aaaaaaa/)
    expect(await asker({ db }).text('/apps/blog/deployments/2')).toContain(
      'may start the code of #2 , which failed: checks, not what runs now. That is not certain: Docker was not read.',
    )
    record(deploy({ ...push, at: NOW - 3 * MINUTE, source: 'ps:restart' }))
    expect(await asker({ db }).text('/apps/blog')).toMatch(
      /What runs Bad The code of #2 , which failed: checks\. Revision bbbbbbb/,
    )
    expect(await asker({ db }).text('/apps/blog/deployments/2')).not.toContain('The next restart')
    const build = { step: 'build', reason: 'Build failed' } as const
    record([
      ...deploy({ ...push, at: NOW - 2 * MINUTE, revision: good, subject: 'Unbuilt', end: build }),
      ...deploy({ ...push, at: NOW - MINUTE, source: 'ps:restart' }),
    ])
    expect(await asker({ db }).text('/apps/blog')).toMatch(
      /What runs Bad The code of #2 , which failed: checks\. Revision bbbbbbb/,
    )
  })

  test('shows what is being deployed now above what runs', async () => {
    expect(await ask.text('/apps/shop')).toMatch(
      /Deploying now .*#54 .*Show what a parcel weighs.* What runs/,
    )
  })

  test('shows each process with its containers and how they ended', async () => {
    expect(await ask.text('/apps/photos')).toMatch(
      /resizer 3 of 4 running .*crashed resizer\.2 was killed by SIGKILL, not for memory 4 h ago/,
    )
  })

  test('names config keys that changed and never a value', async () => {
    expect(await ask.text('/apps/shop')).toMatch(/Config changed lately CURRENCY set by admin/)
  })

  test('tells the days its certificate has left', async () => {
    expect(await ask.text('/apps/shop')).toContain('Certificate expires soon for 3 of 4 domains 9 days left')
  })

  test('counts the days since a certificate ended as every other page does', async () => {
    expect(await ask.text('/apps/photos')).toContain('Certificate expired 2 days ago')
    expect(await ask.text('/certificates')).toMatch(/photos .*expired 2 days ago/)
  })

  test('of an app that was never deployed says how to', async () => {
    const pushed = (host: string) => ask.text(`http://${host}/apps/empty-lot`)
    expect(await pushed('panel.example.com:8443')).toContain(
      'git push dokku@panel.example.com:empty-lot main',
    )
    expect(await pushed('192.0.2.7')).toContain('git push dokku@192.0.2.7:empty-lot main')
    expect(await pushed('[2001:db8::1]')).toContain('git push dokku@[2001:db8::1]:empty-lot main')
    // Nothing a shell would run, and no name that leads to the browser's own machine.
    for (const host of ['$(reboot).example.com', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000'])
      expect(await pushed(host)).toContain('git push dokku@your-server:empty-lot main')
  })

  test('while it is deployed for the first time, does not say it never was, and offers nothing to restart', async () => {
    const on = seed()
    try {
      on.db
        .update(apps)
        .set({ state: 'not deployed', liveDeploymentId: null })
        .where(eq(apps.name, 'shop'))
        .run()
      const first = asker(on)
      const text = await first.text('/apps/shop')
      expect(text).toMatch(/Deploying now .* Nothing yet What this deploy brings stands here once it is live/)
      for (const words of ['Never deployed', 'Restart', 'Rebuild', 'goes on as it is'])
        expect(text).not.toContain(words)
    } finally {
      on.db.$client.close()
    }
  })

  test('is kept when the app is destroyed, and says so', async () => {
    const text = await ask.text('/apps/old-shop')
    expect(text).toContain('old-shop was destroyed')
    expect(text).toContain('What ran Last one before the move')
  })

  test('is found under the name the app had before', async () => {
    const answer = await ask.panel.request('/apps/kanban/deployments?status=failed')
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('/apps/board/deployments?status=failed')
    expect(await ask.text('/apps/board')).toContain('formerly kanban')
  })

  test('names the last thing that happened to it, and nothing that was only read', async () => {
    const { db, record } = unseeded()
    record([told(NOW - 9 * MINUTE, 'ada', 'post-create', ['review'])])
    record([
      seen(NOW - MINUTE, 'app-looked', ['review'], ''),
      seen(NOW - MINUTE, 'formation-seen', ['review', 'web=1'], { untold: false }),
    ])
    expect(await asker({ db }).text('/apps/review')).toContain('last event 9 min ago')
    record([seen(NOW - 2 * MINUTE, 'formation-seen', ['review', 'web=2'], '')])
    expect(await asker({ db }).text('/apps/review')).toContain('last event 2 min ago')
  })

  test('says for how many of its domains the certificate is', async () => {
    const { db } = seed()
    const own = asker({ db })
    expect(await own.text('/apps/shop')).toMatch(/expires soon for 3 of 4 domains/)
    expect(await own.text('/apps/blog')).not.toContain('domains 64')
  })

  test('offers nothing to deploy, whether or not it ever was', async () => {
    const { db, record } = unseeded()
    record([told(NOW - 2 * MINUTE, 'ada', 'post-create', ['review'])])
    record([told(NOW - MINUTE, 'ada', 'post-delete', ['review', 'latest'])])
    const own = asker({ db })
    for (const path of ['/apps/review', '/apps/review/deployments'])
      expect(await own.text(path)).not.toContain('git push')
    expect(await own.text('/apps/review')).toContain('Nothing was ever live')
  })

  test('belongs to the app that has the name now, not to a destroyed one', async () => {
    const { db, record } = seed()
    record([told(NOW, 'root', 'post-create', ['old-shop'])])
    expect(await asker({ db }).text('/apps/old-shop')).not.toContain('was destroyed')
  })

  test('of an unknown name is not found', async () => {
    const answer = await ask.panel.request('/apps/nope')
    expect([answer.status, await answer.text()]).toEqual([404, 'There is no app named nope.'])
  })

  test('shows what a commit, a key and an author are called as text', async () => {
    const { db, record } = unseeded()
    record([
      told(NOW - 60_000, 'root', 'post-create', ['blog']),
      told(NOW - 50_000, 'root', 'post-config-update', ['blog', 'set', HOSTILE]),
      ...deploy({
        app: 'blog',
        at: NOW - 40_000,
        who: 'ada',
        took: 9000,
        subject: HOSTILE,
        author: HOSTILE,
        revision: HOSTILE,
      }),
    ])
    const odd = asker({ db })
    for (const path of [
      '/apps/blog',
      '/apps/blog/deployments',
      '/apps/blog/deployments/1',
      '/apps/blog/events',
      '/events',
      '/',
    ])
      expectHarmless(await odd.html(path))
  })
})

describe('an app whose name Dokku no longer takes', () => {
  test('can be read, says why nothing can be done with it, and has no button that would be refused', async () => {
    const { db } = seed()
    db.update(apps).set({ name: 'OldBlog' }).where(eq(apps.name, 'blog')).run()
    const old = asker({ db })
    expect(names(await old.html('/apps'))).toContain('OldBlog')
    for (const tab of ['', '/deployments', '/domains', '/certificate', '/processes', '/run', '/settings']) {
      const page = mainOf(await old.html(`/apps/OldBlog${tab}`))
      expect([tab, textOf(page)]).toEqual([tab, expect.stringContaining('Dokku no longer takes this name')])
      expect([tab, /data-action|data-open-dialog/.exec(page)]).toEqual([tab, null])
    }
  })
})
