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

/** post-extract's note: author, e-mail, date, subject, a line each. */
export const commitIn = (note: string) => {
  const [author = '', , , subject = ''] = note.split('\n')
  return author === '' && subject === '' ? {} : { author, subject }
}

/** How a build ended, as the watch over builds noted it; null for what is no such note. */
export function endIn(note: string): BuildEnd | EarlierEnd | null {
  try {
    return BuildEndedNote.parse(JSON.parse(note))
  } catch {
    return null
  }
}
