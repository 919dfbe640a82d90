import { expect, test } from 'vitest'
import { deployments } from '../../../ui/deployments/table.ts'
import { jobs } from '../../../ui/jobs/table.ts'
import { newJob } from '../jobs/drivers.ts'
import { asker } from '../story/ask.ts'
import { deploy, MINUTE, told } from '../story/events.ts'
import { NOW, unseeded } from '../story/seed.ts'

const end = { step: 'build', reason: 'Build failed', lines: [] } as const

/** An app with a deployment that went live and then one by `source` that failed. */
function failed(source: string, who: 'ada' | 'panel' = 'ada') {
  const { db, record } = unseeded()
  record([
    told(NOW - 60 * MINUTE, 'ada', 'post-create', ['blog']),
    ...deploy({ app: 'blog', at: NOW - 50 * MINUTE, who: 'ada' }),
    ...deploy({ app: 'blog', at: NOW - 40 * MINUTE, who, source, end: { ...end, step: 'received' } }),
  ])
  return { db, record, ask: asker({ db }) }
}

test('a push that was refused says to push again, with the command', async () => {
  const { ask } = failed('git-hook')
  expect(await ask.text('/apps/blog/deployments/2')).toMatch(
    /Push again: \$ git push dokku@your-server:blog main/,
  )
  expect(await ask.html('/apps/blog/deployments/2')).not.toContain('/redeploys"')
  expect(await ask.text('/apps/blog/deployments/1')).not.toContain('Push again')
})

test('a failure that a later deployment mended asks for nothing', async () => {
  const { ask, record } = failed('git-hook')
  record(deploy({ app: 'blog', at: NOW - 30 * MINUTE, who: 'ada' }))
  expect(await ask.text('/apps/blog/deployments/2')).not.toContain('Push again')
})

test.each([
  ['git:from-archive', 'Upload it again'],
  ['git:sync', 'does not know which repository'],
  ['git:from-image', 'does not know which image'],
])('a failed %s that nothing does once more says what to do', async (source, words) => {
  const { ask } = failed(source)
  expect(await ask.text('/apps/blog/deployments/2')).toContain(words)
})

test('a failed sync of the panel is retried with what was asked for', async () => {
  const { ask, db } = failed('git:sync', 'panel')
  const command = 'dokku git:sync --build blog https://example.com/ada/blog.git main'
  const at = NOW - 41 * MINUTE
  db.insert(jobs)
    .values({
      ...{ ...newJob(), kind: 'git:sync', app: 'blog', token: 'a', command, state: 'failed' },
      ...{ queuedAt: at, startedAt: at, endedAt: NOW - 39 * MINUTE },
      payload: { app: 'blog', url: 'https://example.com/ada/blog.git', ref: 'main' },
    })
    .run()
  const page = await ask.html('/apps/blog/deployments/2')
  expect(page).toMatch(/action="\/apps\/blog\/deployments\/2\/redeploys".*aria-label="Retry blog #2"/s)
  expect(page).toContain(command)
})

test('a deployment leads to the one before and the one after it, past those without a number', async () => {
  const { ask, db, record } = failed('git-hook')
  record(deploy({ app: 'blog', at: NOW - 30 * MINUTE, who: 'ada' }))
  record(deploy({ app: 'shop', at: NOW - 20 * MINUTE, who: 'ada' }))
  const beside = async (app: string, number: number) =>
    [
      ...(await ask.html(`/apps/${app}/deployments/${number}`)).matchAll(
        /deployments\/(\d+)" rel="(prev|next)"/g,
      ),
    ].map(([, to, rel]) => `${rel} ${to}`)
  expect(await beside('blog', 1)).toEqual(['next 2'])
  expect(await beside('blog', 2)).toEqual(['prev 1', 'next 3'])
  expect(await beside('blog', 3)).toEqual(['prev 2'])
  expect(await beside('shop', 1)).toEqual([])
  const { id } = db.select().from(deployments).all()[1] ?? { id: 0 }
  db.$client.prepare('update deployments set number = -1 where id = ?').run(id)
  expect(await beside('blog', 3)).toEqual(['prev 1'])
})
