import { type DestinationStream, type Level, type Logger, pino } from 'pino'
import { quietly } from './quietly.ts'

/** The service's log: JSON lines on stdout. Logging never throws; a line that cannot be written is replaced by a note. */
export const newLogger = (level: Level | 'silent', destination?: DestinationStream): Logger =>
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
    destination,
  )
