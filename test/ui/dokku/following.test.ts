import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { gateAt } from '../../../ui/dokku/gate.ts'
import { linesOf, localDokku } from '../../../ui/dokku/local.ts'
import { eventually } from '../../patience.ts'
import { SCRIPT } from './gate.ts'

const folder = mkdtempSync(join(tmpdir(), 'dokkubase-following-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A Dokku whose commands go on until their stdin closes, as `dokkubase:containers --follow` does. */
const executable = join(folder, 'dokku')
writeFileSync(
  executable,
  `#!/bin/bash\ntrap 'touch "${folder}/ended"' EXIT\necho following\ncat >/dev/null\n`,
  {
    mode: 0o755,
  },
)
const options = { script: SCRIPT, user: null, dokku: executable, dokkuLibRoot: folder }

test('what is followed goes on while the panel lives', async () => {
  const { lines, stop } = localDokku({ gate: gateAt(options) }).follow(['dokkubase:containers', '--follow'])
  const next = lines[Symbol.asyncIterator]()
  expect(await next.next()).toMatchObject({ value: 'following' })
  const more = next.next()
  const waited = new Promise((resolve) => setTimeout(resolve, 300, 'still following'))
  expect(await Promise.race([more, waited])).toBe('still following')
  stop()
  expect(await more).toMatchObject({ done: true })
})

test('what is followed ends with a panel that is killed', async () => {
  rmSync(join(folder, 'ended'), { force: true })
  const script = `
    import { localDokku } from ${JSON.stringify(new URL('../../../ui/dokku/local.ts', import.meta.url).href)}
    import { gateAt } from ${JSON.stringify(new URL('../../../ui/dokku/gate.ts', import.meta.url).href)}
    const { lines } = localDokku({ gate: gateAt(${JSON.stringify(options)}) }).follow(['dokkubase:containers', '--follow'])
    for await (const line of lines) console.log(line)`
  const panel = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(panel.stdout, 'data')
  expect(existsSync(join(folder, 'ended'))).toBe(false)
  panel.kill('SIGKILL')
  await eventually(() => expect(existsSync(join(folder, 'ended'))).toBe(true))
})

test('a line that never ends is cut, and its memory given back', async () => {
  const block = Buffer.alloc(64 * 1024, 'x')
  async function* endless() {
    for (let count = 0; count < 100; count += 1) yield block
    yield Buffer.from('\r\nthe next\nthe l')
    yield Buffer.from('ast')
  }
  const lines: string[] = []
  for await (const line of linesOf(endless())) lines.push(line)
  expect(lines[0]).toMatch(/^x{1048576} … cut here, the line has 6,553,601 bytes$/)
  expect(lines.slice(1)).toEqual(['the next', 'the last'])
})

test('a flood of lines leaves others their turn', async () => {
  async function* flood() {
    yield Buffer.from('\n'.repeat(10_000))
  }
  let turns = 0
  const beat = () => {
    turns += 1
    next = setImmediate(beat)
  }
  let next = setImmediate(beat)
  let count = 0
  for await (const _ of linesOf(flood())) count += 1
  clearImmediate(next)
  expect(count).toBe(10_000)
  expect(turns).toBeGreaterThanOrEqual(9)
})
