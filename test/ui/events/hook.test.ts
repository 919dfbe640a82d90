import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { formatEventFile, parseEventFile } from '../../../ui/events/event.ts'

const root = mkdtempSync(join(tmpdir(), 'dokkubase-hook-'))
const outbox = join(root, 'data/dokkubase/outbox')
afterAll(() => rmSync(root, { recursive: true }))

/** By what a program sees the clock of the test, where that is not the machine's. */
const CLOCK = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(LD_PRELOAD|FAKETIME.*)$/.test(name)),
)

/** Runs a real hook and takes the one file it left out of the outbox. */
function fire(trigger: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  rmSync(outbox, { recursive: true, force: true })
  mkdirSync(outbox, { recursive: true })
  const hook = new URL(`../../../triggers/${trigger}`, import.meta.url).pathname
  execFileSync(hook, args, {
    env: { ...CLOCK, DOKKU_LIB_ROOT: root, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [name = ''] = readdirSync(outbox)
  return { name, content: readFileSync(join(outbox, name)) }
}

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'))

test('what a hook leaves is what the panel reads, whatever its arguments and environment hold', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 8 }), text, text, text, (args, sshName, command, buildId) => {
      const { name, content } = fire('post-domains-update', args, {
        SSH_NAME: sshName,
        DOKKU_COMMAND: command,
        DOKKU_BUILD_ID: buildId,
      })
      const parsed = parseEventFile(content, 'local')
      if (parsed.kind !== 'event') throw new Error(`the panel reads ${parsed.kind}`)
      expect(parsed.event).toMatchObject({ id: name, trigger: 'post-domains-update', args, buildId })
      expect(parsed.event.caller).toMatchObject({ sshName, command, sudoUser: '' })
      expect(formatEventFile(parsed.event)).toEqual(content)
    }),
    { numRuns: 60 },
  )
})

test('an event is dated when its hook ran', () => {
  const before = Date.now()
  const parsed = parseEventFile(fire('post-create', ['blog']).content, 'local')
  if (parsed.kind !== 'event') throw new Error(`the panel reads ${parsed.kind}`)
  expect(parsed.event.at).toBeGreaterThanOrEqual(before)
  expect(parsed.event.at).toBeLessThanOrEqual(Date.now())
})

test.each(['post-deploy', 'deploy-source-set', 'post-extract', 'builds-record-start'])(
  'the panel reads what %s leaves',
  (trigger) => {
    const { name, content } = fire(trigger, ['blog', 'mwslcic9nxmhnj', String(process.pid), 'git-hook'])
    const parsed = parseEventFile(content, 'local')
    expect(parsed).toMatchObject({ kind: 'event', event: { id: name, trigger } })
  },
)
