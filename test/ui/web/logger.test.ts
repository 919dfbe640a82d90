import { expect, test } from 'vitest'
import { logConsole, newLogger } from '../../../ui/web/logger.ts'

test('a line that cannot be written is replaced by a note, and logging goes on', () => {
  const written: string[] = []
  const logger = newLogger('info', { write: (line) => void written.push(line) })
  const hostile = new Proxy(new Error('x'), {
    ownKeys() {
      throw new Error('no keys for you')
    },
  })
  logger.warn({ err: hostile }, 'a job failed')
  logger.info('next')
  expect(written.map((line) => JSON.parse(line).msg)).toEqual(['a log line could not be written', 'next'])
})

test('nothing in a line moves the cursor of whoever reads the log, and it is still the same JSON', () => {
  const written: string[] = []
  const logger = newLogger('info', { write: (line) => void written.push(line) })
  logger.info({ file: 'x\u009b2J\u202e' }, '\u001b[2J')
  expect(written[0]).toContain('"file":"x\\u009b2J\\u202e"')
  expect(JSON.parse(written[0] ?? '')).toMatchObject({ file: 'x\u009b2J\u202e', msg: '\u001b[2J' })
})

test('what libraries print is part of the log', () => {
  const kept = { ...console }
  const logged: unknown[] = []
  try {
    logConsole({ warn: (...parts: readonly unknown[]) => void logged.push(...parts) })
    console.error('broke: %s', 'x')
    console.info('said')
  } finally {
    Object.assign(console, kept)
  }
  expect(logged).toEqual(['broke: x', 'said'])
})

test('a destination that throws does not throw into whoever logs', () => {
  const logger = newLogger('info', {
    write() {
      throw new Error('EPIPE')
    },
  })
  expect(() => logger.error({ err: new Error('x') }, 'y')).not.toThrow()
})
