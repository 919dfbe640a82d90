/** Deployments of an earlier version get the outcomes that were not known then. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../ui/database/database.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../ui/database/migrations', import.meta.url))

/** The migrations before the one of that name, as a folder of their own. */
function before(name: string, folder: string): string {
  const journal = JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8'))
  const at = journal.entries.findIndex(({ tag }: { tag: string }) => tag.endsWith(name))
  expect(at).toBeGreaterThan(0)
  const entries = journal.entries.slice(0, at)
  mkdirSync(join(folder, 'meta'), { recursive: true })
  for (const { tag } of entries) cpSync(join(MIGRATIONS, `${tag}.sql`), join(folder, `${tag}.sql`))
  writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }))
  return folder
}

test('an upgrade counts no refused push, no other branch and no empty git:sync as a deployment that failed or went well', () => {
  const folder = mkdtempSync(join(tmpdir(), 'upgrade-'))
  const file = join(folder, 'panel.db')
  const old = openDatabase(file, before('images-and-outcomes', join(folder, 'migrations'))).$client
  old
    .prepare(
      "insert into apps (id, name, recent, next_number) values (7, 'blog', 'sffss', 6), (8, 'bare', '', 1)",
    )
    .run()
  const insert = old.prepare(
    `insert into deployments (app_id, number, build_id, kind, source, status, actor, door, pid, log_file, started_at,
       failed_step, reason, builder, live_at) values (7, ?, ?, 'build', ?, ?, 'ada', 'git push', 1, '', ?, ?, ?, ?, ?)`,
  )
  insert.run(1, 'b1', 'git-hook', 'succeeded', 1, null, '', 'dockerfile', 5)
  insert.run(
    2,
    'b2',
    'git-hook',
    'failed',
    2,
    'lock',
    'Refused: another deploy of this app was running',
    '',
    null,
  )
  const branch = 'Nothing was deployed: Dokku deploys main, a different branch was pushed'
  insert.run(3, 'b3', 'git-hook', 'failed', 3, 'received', branch, '', null)
  insert.run(4, 'b4', 'git:sync', 'succeeded', 4, null, '', '', null)
  insert.run(5, 'b5', 'git:sync', 'succeeded', 5, null, '', 'dockerfile', 9)
  old.prepare('update apps set last_deployment_id = 5 where id = 7').run()
  old.close()
  const { $client: now } = openDatabase(file)
  expect(
    now.prepare('select build_id, status, failed_step, number > 0 as listed from deployments').all(),
  ).toEqual([
    { build_id: 'b1', status: 'succeeded', failed_step: null, listed: 1 },
    { build_id: 'b2', status: 'refused', failed_step: null, listed: 1 },
    { build_id: 'b3', status: 'skipped', failed_step: null, listed: 1 },
    { build_id: 'b4', status: 'skipped', failed_step: null, listed: 0 },
    { build_id: 'b5', status: 'succeeded', failed_step: null, listed: 1 },
  ])
  expect(now.prepare('select recent, last_deployment_id, next_number from apps order by id').all()).toEqual([
    { recent: 'ss', last_deployment_id: 5, next_number: 6 },
    { recent: '', last_deployment_id: null, next_number: 1 },
  ])
  now.close()
  rmSync(folder, { recursive: true })
})
