import { expect, test } from 'vitest'
import { newLogger } from '../../../ui/web/logger.ts'

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

test('a destination that throws does not throw into whoever logs', () => {
  const logger = newLogger('info', {
    write() {
      throw new Error('EPIPE')
    },
  })
  expect(() => logger.error({ err: new Error('x') }, 'y')).not.toThrow()
})
