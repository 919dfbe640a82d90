import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { deploymentKinds } from '../../../ui/deployments/command.ts'
import { kind } from '../../../ui/jobs/kind.ts'
import { eventually } from '../../patience.ts'
import { ADA, stage } from './stage.ts'

let on: ReturnType<typeof stage>
beforeEach(() => {
  on = stage()
})
afterEach(() => on.close())

const GRACE = { id: 2, name: 'grace' }
const KINDS = [
  ...deploymentKinds,
  kind({
    name: 'run',
    payload: z.object({}),
    app: () => 'blog',
    command: () => ['ps:rebuild', 'blog'],
    vain: [[/nothing to do$/, 'There was nothing to do.']],
  }),
]
const sync = { kind: 'git:sync', payload: { app: 'blog', url: 'https://git.example.com/blog.git' } }
const begun = () => eventually(() => expect(readFileSync(join(on.folder, 'pid'), 'utf8')).toMatch(/\d\n/))
const isGone = (pid: number) => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] === 'Z'
  } catch {
    return true
  }
}
const pid = () => Number(readFileSync(join(on.folder, 'pid'), 'utf8'))
/** What the script that is Dokku does: one deploy, and an end of it. */
const dokku = ({ cancels, builder = '' }: { cancels: string; builder?: string }) =>
  on.does(`set -e
  builder=${builder}
  case "$1" in
    git:sync)
      mkdir -p "$here"/lib/data/{apps,builds}/blog
      printf '{"id":"mwsm2q2cgir830","pid":%s}' "\${builder:-$$}" >"$here/lib/data/builds/blog/mwsm2q2cgir830.json"
      echo mwsm2q2cgir830 >"$here/lib/data/apps/blog/.deploy.lock"
      echo "$$" >"$here/pid"; echo building; sleep 300 ;;
    builds:cancel) ${cancels} ;;
  esac`)

test('a deploy is ended by Dokku itself, in the name of who said so, and is canceled', async () => {
  dokku({ cancels: 'echo "-----> Killing app deploy"; kill -QUIT -- "-$(<"$here/pid")"' })
  const panel = await on.open({ kinds: KINDS })
  panel.ask([sync], ADA)
  await begun()
  expect(await panel.cancel(1, GRACE)).toBe(true)
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'canceled', canceledBy: 'grace' })
  expect(on.calls()).toEqual([
    'ada: git:sync --build blog https://git.example.com/blog.git',
    'grace: builds:cancel blog',
  ])
  expect(isGone(pid())).toBe(true)
})

test.each([
  ['finds nothing', 'echo "-----> App not currently deploying"'],
  ['fails', 'exit 1'],
])('a deploy of which Dokku %s is ended by the gate, with all it started', async (_, cancels) => {
  dokku({ cancels })
  const panel = await on.open({ kinds: KINDS })
  panel.ask([sync], ADA)
  await begun()
  await panel.cancel(1, GRACE)
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'canceled', canceledBy: 'grace' })
  expect(isGone(pid())).toBe(true)
})

test("a deploy that somebody else's keeps waiting is ended without ending theirs", async () => {
  dokku({ cancels: 'true', builder: String(process.pid) })
  const panel = await on.open({ kinds: KINDS })
  panel.ask([sync], ADA)
  await begun()
  await panel.cancel(1, GRACE)
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'canceled', canceledBy: 'grace' })
  expect(on.calls()).toEqual(['ada: git:sync --build blog https://git.example.com/blog.git'])
  expect(isGone(pid())).toBe(true)
})

test('an end of a deploy does not wait for the deploy it is to end', async () => {
  dokku({ cancels: 'echo "-----> Killing app deploy"; kill -QUIT -- "-$(<"$here/pid")"' })
  const panel = await on.open({ kinds: KINDS })
  panel.ask([sync], ADA)
  await begun()
  panel.ask([{ kind: 'builds:cancel', payload: { app: 'blog' } }], GRACE)
  await on.over(1, 2)
  expect(on.row(2).state).toBe('succeeded')
  expect(isGone(pid())).toBe(true)
})

test.each([
  ['App not currently deploying', 'Dokku found no deploy to cancel'],
  ['No matching app deploy found', 'a push that was refused meanwhile emptied the lock file'],
])('an end that found nothing (%s) says so, though Dokku ended well', async (said, words) => {
  writeFileSync(join(on.folder, 'pid'), '')
  dokku({ cancels: `echo "-----> ${said}"` })
  const panel = await on.open({ kinds: KINDS })
  panel.ask([{ kind: 'builds:cancel', payload: { app: 'blog' } }], ADA)
  await on.over(1)
  expect(on.row()).toMatchObject({
    state: 'failed',
    exitCode: 0,
    reason: expect.stringContaining(words),
    reasonLines: [1],
  })
})

test('words by which a command did nothing count only where they stand at its end', async () => {
  on.does('echo "nothing to do"; for i in $(seq 20); do echo "line $i"; done')
  const panel = await on.open({ kinds: KINDS })
  panel.ask([{ kind: 'run', payload: {} }], ADA)
  await on.over(1)
  expect(on.row().state).toBe('succeeded')
})
