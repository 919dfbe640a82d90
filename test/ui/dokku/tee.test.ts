import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { gatheringTee, lateTee } from '../../../ui/dokku/simulator/tee.ts'
import { eventually } from '../../patience.ts'

test.each([
  ['promptly', () => lateTee(() => 0)],
  ['late', () => lateTee(() => 300)],
  ['at the end', gatheringTee],
])('a build goes on to its end though its app was destroyed meanwhile: a log written %s', async (_, tee) => {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-tee-'))
  const builds = join(folder, 'builds')
  mkdirSync(builds)
  const writes = tee()
  rmSync(builds, { recursive: true })
  writes.write(join(builds, 'log'), Buffer.from('one\n'))
  await sleep(60)
  writes.write(join(builds, 'log'), Buffer.from('two\n'))
  writes.end()
  expect(existsSync(builds)).toBe(false)
  rmSync(folder, { recursive: true })
})

test('the last words of a late log come after what wrote it is done, by a process of their own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-tee-'))
  const log = join(folder, 'log')
  const writes = lateTee(() => 2000)
  writes.write(log, Buffer.from('one\n'))
  writes.end()
  expect(existsSync(log)).toBe(false)
  await eventually(() => expect(readFileSync(log, 'utf8')).toBe('one\n'))
  await eventually(() => expect(readdirSync(folder)).toEqual(['log']))
  rmSync(folder, { recursive: true })
})
