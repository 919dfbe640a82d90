import { expect, test } from 'vitest'
import { type JobThatBegan, redeployOf } from '../../../ui/deployments/redeploy.ts'

type Known = Parameters<typeof redeployOf>[1]

const URL = 'https://example.com/ada/shop.git'
const push: Known = {
  id: 9,
  kind: 'build',
  status: 'failed',
  source: 'git-hook',
  door: 'git push',
  revision: 'c0ffee9',
  failedStep: 'build',
  sourceType: '',
  sourceMetadata: '',
}
const live: Known = { ...push, id: 8, status: 'succeeded', revision: 'c0ffee8', failedStep: null }
const job = (kind: string, payload: unknown): JobThatBegan => ({ kind, payload, command: `dokku ${kind} …` })
const again = (deployment: Known, lately: readonly Known[], began?: JobThatBegan): string | undefined =>
  redeployOf('shop', deployment, lately, began)?.command

test('a push that failed is not rebuilt: git took it back, and a rebuild would build older code', () => {
  expect(again(push, [push, live])).toBeUndefined()
  expect(again({ ...push, failedStep: 'checks' }, [push, live])).toBeUndefined()
  expect(again({ ...push, status: 'canceled' }, [push, live])).toBeUndefined()
})

test('a push that failed is rebuilt where its revision is what Dokku has', () => {
  expect(again({ ...push, revision: live.revision }, [push, live])).toBe('dokku ps:rebuild shop')
})

test('a rebuild that failed is a rebuild again, until newer code came', () => {
  const rebuild = { ...push, source: 'ps:rebuild', door: 'panel', revision: '' }
  expect(again(rebuild, [rebuild, live])).toBe('dokku ps:rebuild shop')
  expect(again(rebuild, [{ ...live, id: 10 }, rebuild, live])).toBeUndefined()
})

test('the failed deploy of a clone is rebuilt: its code was copied, not pushed', () => {
  const clone = { ...push, door: 'panel' }
  expect(again(clone, [clone])).toBe('dokku ps:rebuild shop')
  expect(again({ ...clone, door: 'terminal' }, [])).toBe('dokku ps:rebuild shop')
  expect(again({ ...clone, door: 'unknown' }, [])).toBeUndefined()
})

test.each([
  ['ps:restart', 'dokku ps:restart shop'],
  ['config-redeploy', 'dokku ps:restart shop'],
  ['deploy', 'dokku ps:start shop'],
])('a failed %s is tried again by %s, where nothing came after it', (source, command) => {
  const restart: Known = { ...push, kind: 'deploy', source, revision: '' }
  expect(again(restart, [restart, live])).toBe(command)
  expect(again(restart, [{ ...live, id: 10 }, restart])).toBeUndefined()
  expect(again({ ...restart, status: 'succeeded' }, [restart])).toBeUndefined()
})

test('what never got as far as its source is fetched as its job was asked to', () => {
  const sync: Known = { ...push, source: 'git:sync', door: 'panel', revision: '', failedStep: 'received' }
  const payload = { app: 'shop', url: URL, ref: 'main' }
  expect(redeployOf('shop', sync, [sync, live], job('git:sync', payload))).toMatchObject({
    kind: 'git:sync',
    payload,
  })
  const image = { ...sync, source: 'git:from-image' }
  const pulled = { app: 'shop', image: 'ghcr.io/ada/shop:1' }
  expect(redeployOf('shop', image, [image], job('git:from-image', pulled))).toMatchObject({ payload: pulled })
})

test('another job than the one that fetched it says nothing of where its code is', () => {
  const sync: Known = { ...push, source: 'git:sync', door: 'panel', failedStep: 'received' }
  expect(again(sync, [], job('ps:scale', { app: 'shop' }))).toBeUndefined()
  expect(again(sync, [], job('git:from-image', { app: 'shop', image: 'ghcr.io/ada/shop:1' }))).toBeUndefined()
  expect(again(sync, [], job('git:sync', { app: 'shop', url: '/srv/shop.git' }))).toBeUndefined()
  expect(again({ ...push, source: 'git:from-archive' }, [], job('git:from-archive', {}))).toBeUndefined()
})

test('what still runs is not begun again', () => {
  expect(again({ ...push, status: 'running', source: 'ps:rebuild' }, [])).toBeUndefined()
})
