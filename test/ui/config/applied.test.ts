import { eq } from 'drizzle-orm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { apps } from '../../../ui/apps/table.ts'
import { type ConfigChange, configNotApplied, SERVER } from '../../../ui/config/config.ts'
import { configKeys } from '../../../ui/config/table.ts'
import type { Container } from '../../../ui/processes/process.ts'
import { containers as rows } from '../../../ui/processes/table.ts'
import { container } from '../processes/lines.ts'
import { textOf } from '../story/ask.ts'
import { stage } from './stage.ts'

const CREATED = 1_000_000
const change = (key: string, changes: Partial<ConfigChange> = {}): ConfigChange => ({
  ...{ key, change: 'set', changedAt: CREATED + 1, changedBy: 'ada' },
  ...changes,
})
const of = (
  own: readonly ConfigChange[],
  running: readonly Partial<Container>[] = [{}],
  global: readonly ConfigChange[] = [],
) =>
  configNotApplied(
    { own, global },
    running.map((changes) => container({ createdAt: CREATED, ...changes })),
  )

describe('config that running containers were created without', () => {
  test('is what was set or removed since', () => {
    expect(
      of([change('A'), change('B', { change: 'unset' }), change('C', { changedAt: CREATED - 1 })]),
    ).toEqual({
      ...{ keys: ['A', 'B'], global: false, types: ['web'] },
    })
  })

  test('names the process types that lack any of it, each once', () => {
    const worker = { id: 'w', processType: 'worker' }
    expect(of([change('A')], [{}, { id: 'c2', number: 2 }, worker])?.types).toEqual(['web', 'worker'])
    expect(of([change('A')], [{ createdAt: CREATED + 2 }, worker])?.types).toEqual(['worker'])
  })

  test.each<[string, readonly ConfigChange[], readonly Partial<Container>[]]>([
    ['was only seen', [change('A', { changedBy: '' })], [{}]],
    ['is set by Dokku at each build', [change('GIT_REV')], [{}]],
    ['is a switch of Dokku', [change('NO_VHOST'), change('DOKKU_DISABLE_ANSI_PREFIX_REMOVAL')], [{}]],
    ['was changed when nothing ran', [change('A')], [{ state: 'exited' }]],
    ['was changed beside a container that is not in service', [change('A')], [{ inService: false }]],
    ['was changed before Docker listed the container', [change('A')], [{ createdAt: null }]],
  ])('is nothing where it %s', (_, own, running) => {
    expect(of(own, running)).toBe(null)
  })

  test('includes the server’s, but for keys that the app has of its own', () => {
    expect(of([], [{}], [change('TZ')])).toEqual({ keys: [], global: true, types: ['web'] })
    const own = change('TZ', { changedAt: CREATED - 1 })
    expect(of([own], [{}], [change('TZ')])).toBe(null)
    expect(of([{ ...own, change: 'unset' }], [{}], [change('TZ')])).toMatchObject({ keys: [], global: true })
  })
})

test('the pages of config and processes say so with a restart, and not while a deploy gives it to them', async () => {
  const on = await stage()
  onTestFinished(() => on.close())
  await on.dokku('apps:create', 'blog')
  await on.dokku('config:set', '--no-restart', 'blog', 'LOG_LEVEL=info')
  await on.told()
  const now = Date.now()
  const { db } = on
  const id = db.select().from(apps).where(eq(apps.name, 'blog')).get()?.id ?? 0
  const running = (createdAt: number, recent = 's') => {
    db.update(apps).set({ recent, state: 'running' }).where(eq(apps.id, id)).run()
    db.delete(rows).run()
    db.insert(rows)
      .values(container({ appId: id, createdAt }))
      .run()
  }
  const pages = async () =>
    Promise.all(['config', 'processes'].map(async (tab) => textOf(await on.ada.text(`/apps/blog/${tab}`))))
  running(now - 60_000)
  for (const page of await pages())
    expect(page).toContain(
      'Changes of LOG_LEVEL are not applied to the running containers of web yet. Restart to apply',
    )
  db.insert(configKeys)
    .values({ appId: SERVER, ...change('TZ', { changedAt: now }) })
    .run()
  for (const page of await pages()) expect(page).toContain('Changes of LOG_LEVEL and global config are not')
  running(now - 60_000, 'sr')
  for (const page of await pages()) expect(page).not.toContain('not applied to')
  running(now + 60_000)
  for (const page of await pages()) expect(page).not.toContain('not applied to')
})
