import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { passwordHashing } from '../../../ui/accounts/hashing.ts'

const SOURCE = fileURLToPath(new URL('../../../ui/accounts/', import.meta.url))
const PASSWORD = 'Correct-Horse-7'

test('a password matches its own hash and no other', async () => {
  const hashing = passwordHashing({ cost: 4 })
  const hash = await hashing.hash(PASSWORD)
  expect(hash).toMatch(/^\$2b\$04\$/)
  expect(await hashing.verify(PASSWORD, hash)).toBe(true)
  expect(await hashing.verify('Correct-Horse-8', hash)).toBe(false)
  expect(await hashing.verify(PASSWORD, null)).toBe(false)
  expect(await hashing.verify(PASSWORD, 'not a hash')).toBe(false)
  await hashing.close()
})

test('a password over 72 bytes is neither hashed nor matched by its beginning', async () => {
  const hashing = passwordHashing({ cost: 4 })
  const whole = 'x'.repeat(72)
  await expect(hashing.hash(`${whole}y`)).rejects.toThrow('72 bytes')
  expect(await hashing.verify(`${whole}y`, await hashing.hash(whole))).toBe(false)
  await hashing.close()
})

test('hashing costs 12 by default and leaves the main thread free', async () => {
  const hashing = passwordHashing()
  await hashing.verify(PASSWORD, null)
  const [here, everywhere] = [process.threadCpuUsage(), process.cpuUsage()]
  expect(await hashing.hash(PASSWORD)).toMatch(/^\$2b\$12\$/)
  expect(process.threadCpuUsage(here).user).toBeLessThan(process.cpuUsage(everywhere).user / 2)
  await hashing.close()
})

test('an unknown account costs as much work as a wrong password', async () => {
  const hashing = passwordHashing({ cost: 10 })
  const hash = await hashing.hash(PASSWORD)
  const times = { known: [] as number[], unknown: [] as number[] }
  for (let round = 0; round < 7; round += 1)
    for (const kind of ['known', 'unknown'] as const) {
      const began = process.cpuUsage()
      await hashing.verify('Wrong-Horse-77', kind === 'known' ? hash : null)
      times[kind].push(process.cpuUsage(began).user)
    }
  const median = (all: number[]) => all.toSorted((a, b) => a - b)[3] ?? 0
  expect(median(times.unknown) / median(times.known)).toBeGreaterThan(0.6)
  expect(median(times.unknown) / median(times.known)).toBeLessThan(1.7)
  await hashing.close()
})

test('the thread starts with the first password and ends when there are none', async () => {
  const hashing = passwordHashing({ cost: 4, idleMs: 20 })
  expect(hashing.isRunning()).toBe(false)
  const first = hashing.hash(PASSWORD)
  expect(hashing.isRunning()).toBe(true)
  await first
  await expect.poll(() => hashing.isRunning()).toBe(false)
  expect(await hashing.verify(PASSWORD, await hashing.hash(PASSWORD))).toBe(true)
  await hashing.close()
})

test('more passwords than can be checked in time are refused, and those that wait are answered', async () => {
  const hashing = passwordHashing({ cost: 4 })
  const all = await Promise.allSettled(Array.from({ length: 40 }, () => hashing.hash(PASSWORD)))
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(32)
  for (const each of all) if (each.status === 'rejected') expect(each.reason).toMatchObject({ status: 503 })
  await hashing.close()
})

test('strangers leave room for people the panel knows, who are also checked first', async () => {
  const hashing = passwordHashing({ cost: 4 })
  const hash = await hashing.hash(PASSWORD)
  const order: string[] = []
  const verify = (who: string, first: boolean) =>
    hashing.verify(PASSWORD, hash, { first }).then(
      () => order.push(who),
      ({ status }) => order.push(`${who} ${status}`),
    )
  const all = Array.from({ length: 20 }, (_, at) => verify(`stranger ${at}`, false))
  all.push(verify('owner', true))
  await Promise.all(all)
  expect(order.filter((each) => each.endsWith(' 503'))).toHaveLength(4)
  // The one under way is not interrupted.
  expect(order.filter((each) => !each.endsWith(' 503')).indexOf('owner')).toBe(1)
  await hashing.close()
})

test('stopping the panel does not wait for a password', async () => {
  const hashing = passwordHashing()
  const unfinished = expect(hashing.hash(PASSWORD)).rejects.toThrow('stopping')
  await hashing.close()
  await unfinished
})

test('the bundle finds its worker beside itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-bundle-'))
  await build({
    entryPoints: { main: `${SOURCE}hashing.ts`, 'password-worker': `${SOURCE}password-worker.ts` },
    bundle: true,
    outdir: folder,
    platform: 'node',
    format: 'esm',
    target: 'node24',
  })
  const main = pathToFileURL(join(folder, 'main.js')).href
  const script = `const { passwordHashing } = await import(${JSON.stringify(main)})
    const hashing = passwordHashing({ cost: 4 })
    console.log(await hashing.verify('${PASSWORD}', await hashing.hash('${PASSWORD}')))`
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', script])
  expect(stdout).toBe('true')
  rmSync(folder, { recursive: true })
})
