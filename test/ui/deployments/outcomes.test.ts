/** How a deploy ended is said alike on every page, in every filter and on the terminal. */
import { describe, expect, test } from 'vitest'
import { apps } from '../../../ui/apps/table.ts'
import { deployments as rows } from '../../../ui/deployments/table.ts'
import { deployments } from '../../../ui/terminal/deployments.ts'
import { events } from '../../../ui/terminal/events.ts'
import { asker } from '../story/ask.ts'
import { type Deploy, deploy, MINUTE, type Person, SECOND, told } from '../story/events.ts'
import { NOW, unseeded } from '../story/seed.ts'
import { seat } from '../terminal/terminal.ts'

const REVISION = 'a'.repeat(40)

/** An app that was deployed once, and then so. */
function panel(...plans: readonly (Partial<Deploy> & { readonly who?: Person })[]) {
  const { db, record } = unseeded()
  record([told(NOW - 60 * MINUTE, 'ada', 'post-create', ['blog'])])
  record(
    deploy({ app: 'blog', at: NOW - 50 * MINUTE, who: 'ada', revision: REVISION, subject: 'First post' }),
  )
  for (const [index, plan] of plans.entries())
    record(deploy({ app: 'blog', who: 'grace', took: 2 * SECOND, at: NOW - (40 - index) * MINUTE, ...plan }))
  const numberOf = (id: number | null | undefined) =>
    db
      .select()
      .from(rows)
      .all()
      .find((row) => row.id === id)?.number ?? null
  const app = () => {
    const row = db.select().from(apps).get()
    return { ...row, last: numberOf(row?.lastDeploymentId), live: numberOf(row?.liveDeploymentId) }
  }
  return { ...asker({ db }), db, app }
}

describe.each(['skipped', 'refused'] as const)('a deploy that was %s', (end) => {
  const { html, text, app, db } = panel({ end })
  const [word, reason] =
    end === 'skipped'
      ? ['Nothing to deploy', 'Nothing was deployed: Dokku deploys main, a different branch was pushed']
      : ['Refused', 'Refused: another deploy of this app was running']

  test('is told in the list of deployments and on its own page, without an alarm', async () => {
    expect(await text('/deployments')).toContain(`#2 ${word}`)
    const page = await html('/apps/blog/deployments/2')
    expect(page).toContain(reason)
    expect(page).toContain('aria-label="Why nothing was deployed"')
    expect(page.includes('Why it failed')).toBe(false)
    expect(await text('/apps/blog/deployments/2')).not.toMatch(/Failed|Exit code/)
  })

  test('is found among what was not deployed, and never among the failed', async () => {
    expect(await text('/deployments?status=not-deployed')).toContain(`#2 ${word}`)
    for (const status of ['failed', 'succeeded', 'canceled', 'running'])
      expect(await text(`/deployments?status=${status}`)).not.toContain('#2')
  })

  test('counts in no statistic and needs no attention', async () => {
    expect(app()).toMatchObject({ recent: 's', last: 1, live: 1 })
    const overview = await text('/')
    expect(overview).toMatch(/1 deployment\b/)
    expect(overview).not.toContain('failed')
    expect(overview).not.toContain('want')
    expect(await html('/apps')).toContain('aria-label="Last 1: 1 succeeded"')
    expect(await text('/apps/blog')).not.toContain('Last deployment')
  })

  test('is an event in words of its own, and the same on the terminal', async () => {
    const sentence =
      end === 'skipped'
        ? 'grace pushed another branch of blog; nothing was deployed'
        : 'grace tried to deploy blog while another deploy was running'
    expect((await text('/events')).replaceAll(' ;', ';')).toContain(sentence)
    expect(await seat({ db }).run(events)).toContain(sentence)
    const [first] = JSON.parse(await seat({ db }).run(deployments, '--format', 'json'))
    expect(first).toMatchObject({ number: 2, status: end, failed_step: null, reason })
  })
})

test('what failed after it was live is live: no page says that it was not deployed', async () => {
  const end = {
    step: 'after live',
    reason: 'The postdeploy task failed after the app was live: exit 7',
  } as const
  const { text, app, db } = panel({ end, revision: 'b'.repeat(40), subject: 'Second post' })
  expect(app()).toMatchObject({ recent: 'sf', last: 2, live: 2 })
  expect(await text('/deployments')).toContain('#2 Failed after it was live')
  expect(await text('/')).toContain('blog is live, but its deploy failed: The postdeploy task failed')
  expect((await text('/events')).replaceAll(' ;', ';')).toContain(
    'grace deployed blog; it failed after it was live',
  )
  expect(await seat({ db }).run(events)).toContain('grace deployed blog; it failed after it was live')
  expect(await text('/apps/blog')).toMatch(
    /What runs Second post The code of #2 , which failed after it was live\./,
  )
  expect(await text('/apps/blog/deployments/2')).not.toMatch(/runs on|keeps running|what was live before/i)
})

test('what was built and is not to be deployed is no success, no failure, and did not go live', async () => {
  const { text, html, app, db } = panel({ end: 'built', revision: 'b'.repeat(40), subject: 'Second post' })
  expect(app()).toMatchObject({ recent: 'sb', last: 2, live: 1 })
  expect(await text('/deployments')).toContain('#2 Built, not deployed')
  expect(await text('/deployments?status=not-deployed')).toContain('#2 Built, not deployed')
  expect(await text('/deployments?status=succeeded')).not.toContain('#2')
  expect(await html('/apps')).toContain('1 succeeded, 1 built, not deployed')
  expect(await text('/events')).toContain('grace built blog without deploying it')
  expect(await seat({ db }).run(deployments)).toContain(' built ')
})

describe('a git:sync that found nothing to build', () => {
  const syncs = Array.from(
    { length: 5 },
    () => ({ source: 'git:sync', end: 'skipped', who: 'cron' }) as const,
  )

  test('is no deployment: it has no number, no place in a list and no count', async () => {
    const { text, html, app } = panel(...syncs)
    expect(app()).toMatchObject({ recent: 's', nextNumber: 2, last: 1 })
    expect(await html('/deployments')).not.toContain('#2')
    expect(await html('/apps/blog/deployments?status=not-deployed')).not.toContain('id="deployment-')
    expect(await text('/')).toMatch(/1 deployment\b/)
  })

  test('does not push other events out of the list, and is there where deployments are asked for', async () => {
    const { text } = panel(...syncs)
    expect(await text('/events')).not.toContain('from git')
    const fetched = await text('/events?kind=deployments')
    expect(fetched).toContain('cron fetched blog from git; nothing was to be built')
    expect(fetched).not.toMatch(/#-\d/)
  })

  test('leaves its number to the next, also where two run at once', async () => {
    const { app, html } = panel(...syncs, { subject: 'Second post' })
    expect(app()).toMatchObject({ nextNumber: 3, recent: 'ss' })
    expect(await html('/apps/blog/deployments/2')).toContain('Second post')
    const { db, record } = unseeded()
    const sync = deploy({ app: 'blog', at: NOW, who: 'cron', source: 'git:sync', end: 'skipped' })
    const push = deploy({ app: 'blog', at: NOW + 1000, who: 'ada' })
    record([...sync.slice(0, -1), ...push, ...sync.slice(-1)])
    expect(db.select().from(apps).get()).toMatchObject({ nextNumber: 3, recent: 's' })
  })
})

test('an app is being deployed as long as one deploy runs, whatever ended after it began', async () => {
  const { db, record } = unseeded()
  record([
    ...deploy({ app: 'blog', at: NOW - 2 * MINUTE, who: 'ada', end: 'running' }),
    ...deploy({ app: 'blog', at: NOW - MINUTE, who: 'grace', end: 'refused', took: SECOND }),
    ...deploy({ app: 'blog', at: NOW - MINUTE, who: 'grace', source: 'ps:restart', took: SECOND }),
  ])
  expect(db.select().from(apps).get()?.recent).toBe('rs')
  expect(await asker({ db }).text('/apps/blog')).toMatch(/^blog deploying/)
})

test('a start is one event, told by its deploy', async () => {
  const { db, record } = unseeded()
  record([
    told(NOW - MINUTE, 'root', 'pre-start', ['blog']),
    ...deploy({ app: 'blog', at: NOW - MINUTE + 400, who: 'root', source: 'deploy', took: 20 * SECOND }),
  ])
  const text = await asker({ db }).text('/events')
  expect(text.match(/root started blog/g)).toHaveLength(1)
  expect(await asker({ db }).text('/apps/blog/deployments/1')).toContain('Kind Start')
})
