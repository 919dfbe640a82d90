/** What the arguments and notes of a build's events hold. Pure. */
import * as z from 'zod'
import type { BuildEnd, EarlierEnd } from './build-end.ts'
import { STATUSES, STEPS } from './deployment.ts'

const BuildEndedNote = z.object({
  status: z.enum(STATUSES).exclude(['running']),
  exitCode: z.number().int(),
  failedStep: z
    .enum([
      'build',
      'release',
      'predeploy',
      'checks',
      'proxy',
      'crash at start',
      'canceled',
      'lock',
      'received',
    ])
    .nullable(),
  reason: z.string(),
  lines: z.array(z.number().int()),
  steps: z.array(z.object({ step: z.enum(STEPS), at: z.number().nullable(), line: z.number().int() })),
  isEndKnown: z.boolean().optional(),
})

/** Of an argument that may be one. */
export const revisionIn = (sha: string | undefined) =>
  sha !== undefined && /^[0-9a-f]{7,64}$/.test(sha) ? { revision: sha } : {}

/** The line of /proc/PID/stat: number, name in brackets, state. */
const STAT = /^\d{1,10} \(.{0,64}\) [A-Za-z] /

/**
 * post-extract's note: author, e-mail, date, subject and the line of /proc/PID/stat, a line each. Where git could not read
 * the commit, an earlier hook left a line too few.
 */
const linesIn = (note: string) => {
  const [author = '', , , subject = '', stat = ''] = note.split('\n')
  return stat === '' && STAT.test(subject)
    ? { author, subject: '', stat: subject }
    : { author, subject, stat }
}

export const commitIn = (note: string) => {
  const { author, subject } = linesIn(note)
  return author === '' && subject === '' ? {} : { author, subject }
}

/** Whose process it is; empty: not told. */
export const statIn = (note: string): string => linesIn(note).stat

/** How a build ended, as the watch over builds noted it; null for what is no such note. */
export function endIn(note: string): BuildEnd | EarlierEnd | null {
  try {
    return BuildEndedNote.parse(JSON.parse(note))
  } catch {
    return null
  }
}
