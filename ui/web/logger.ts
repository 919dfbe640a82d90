import { format } from 'node:util'
import { type DestinationStream, type Level, type Logger, pino } from 'pino'
import { quietly } from './quietly.ts'
import { visible } from './visible.ts'

/**
 * The service's log: JSON lines on stdout, which root reads in a terminal. Logging never throws; a line that cannot be
 * written is replaced by a note.
 */
export const newLogger = (
  level: Level | 'silent',
  destination: DestinationStream = pino.destination({ sync: true }),
): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: {
        logMethod(args, method) {
          try {
            method.apply(this, args)
          } catch {
            quietly(() => method.call(this, 'a log line could not be written'))
          }
        },
      },
    },
    { write: (line) => destination.write(visible(line)) },
  )

/** What libraries print goes into the log as well. */
export function logConsole(logger: Pick<Logger, 'warn'>): void {
  for (const method of ['error', 'info', 'log', 'warn'] as const)
    console[method] = (...parts: readonly unknown[]) => logger.warn(format(...parts))
}
