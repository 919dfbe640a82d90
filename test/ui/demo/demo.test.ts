import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const DEMO = fileURLToPath(new URL('../../../ui/demo/demo.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'dokkubase-demo-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new Error('no port'))
      server.close(() => resolve(address.port))
    })
  })

async function start() {
  const port = await freePort()
  const child = spawn(process.execPath, [DEMO, '--folder', folder], {
    env: { ...process.env, PORT: String(port) },
  })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += String(chunk)
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  await expect.poll(() => said).toContain('Ctrl-C')
  return { port, said, ended, child }
}

/** Command lines of processes that have to do with this demo's folder. */
const left = (): string[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(commandLine)
    .filter((line) => line.includes(folder))

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    // It ended while we looked.
    return ''
  }
}

describe('npm run demo', () => {
  test('says where the panel is, with a one-time link; Ctrl-C leaves no process; a second start keeps all', async () => {
    const first = await start()
    expect(first.said).toContain(`The panel is at http://127.0.0.1:${first.port}`)
    expect(first.said).toMatch(/http:\/\/127\.0\.0\.1:\d+\/setup\?token=\S{20,}/)
    const page = await fetch(`http://127.0.0.1:${first.port}/`, { redirect: 'manual' })
    expect(page.status).toBeLessThan(400)
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    await expect.poll(left).toEqual([])

    const seededAt = statSync(join(folder, 'server/seeded-2')).mtimeMs
    const second = await start()
    expect(statSync(join(folder, 'server/seeded-2')).mtimeMs).toBe(seededAt)
    second.child.kill('SIGTERM')
    expect(await second.ended).toBe(0)
    await expect.poll(left).toEqual([])
  })
})
