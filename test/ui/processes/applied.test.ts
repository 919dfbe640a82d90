import { describe, expect, test } from 'vitest'
import { notApplied } from '../../../ui/processes/applied.ts'
import type { Container } from '../../../ui/processes/process.ts'
import { containers as rows } from '../../../ui/processes/table.ts'
import { keepReport } from '../../../ui/reports/table.ts'
import { asker } from '../story/ask.ts'
import { NOW, seed } from '../story/seed.ts'
import { container } from './lines.ts'

const MB = 2 ** 20
const PS = { 'computed-restart-policy': 'on-failure:10' }
const listed = (changes: Partial<Container>): Container =>
  container({ imageId: `sha256:${'1'.repeat(64)}`, restartPolicy: 'on-failure', maxRestarts: 10, ...changes })
const of = (resource: object | undefined, ...changes: readonly Partial<Container>[]) =>
  notApplied(changes.map(listed), { ps: PS, resource: resource && { ...resource } })

describe('what running containers still lack', () => {
  test('a memory limit that was set, changed or set for every type after they were created', () => {
    const web = { 'web.limit.memory': '512m' }
    expect(of(web, { memoryLimit: null }).limits).toEqual(['web'])
    expect(of(web, { memoryLimit: 256 * MB }, { id: 'c2', memoryLimit: 256 * MB }).limits).toEqual(['web'])
    expect(
      of({ '_default_.limit.memory': '1g' }, { processType: 'worker', memoryLimit: null }).limits,
    ).toEqual(['worker'])
  })

  test('nothing where they have it, where none is set, where Docker was not asked and where none runs', () => {
    const web = { 'web.limit.memory': '512', '_default_.limit.memory': '1g' }
    expect(of(web, { memoryLimit: 512 * MB }).limits).toEqual([])
    expect(of({}, { memoryLimit: 256 * MB }).limits).toEqual([])
    expect(of(undefined, { memoryLimit: 256 * MB }).limits).toEqual([])
    expect(of(web, { memoryLimit: null, imageId: null }).limits).toEqual([])
    expect(
      of(web, { memoryLimit: null, state: 'exited' }, { memoryLimit: null, inService: false }).limits,
    ).toEqual([])
  })

  test('another restart policy', () => {
    expect(of({}, { maxRestarts: 3 }).restartPolicy).toEqual(['web'])
    expect(of({}, { restartPolicy: 'always', maxRestarts: 0 }).restartPolicy).toEqual(['web'])
    expect(of({}, {}).restartPolicy).toEqual([])
    expect(
      notApplied([listed({ maxRestarts: 3 })], { ps: undefined, resource: undefined }).restartPolicy,
    ).toEqual([])
  })
})

test('the page offers the restart that applies a limit', async () => {
  const { db } = seed()
  const row = db
    .select()
    .from(rows)
    .all()
    .find(({ state }) => state === 'running')
  const appId = row?.appId ?? 0
  db.update(rows)
    .set({ imageId: 'sha256:1', memoryLimit: 256 * MB })
    .run()
  keepReport(db)(appId, 'resource', { [`${row?.processType}.limit.memory`]: '512m' }, NOW)
  const name = db.$client.prepare('select name from apps where id = ?').pluck().get(appId)
  const text = await asker({ db }).text(`/apps/${name}/processes`)
  expect(text).toContain(`Not applied to the running containers of ${row?.processType} yet. Restart to apply`)
  db.update(rows)
    .set({ memoryLimit: 512 * MB })
    .run()
  expect(await asker({ db }).text(`/apps/${name}/processes`)).not.toContain('Not applied')
})
