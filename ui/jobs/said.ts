import { stripVTControlCharacters } from 'node:util'
import type { Copies } from '../logs/copies.ts'

/** The last lines a job's command said, as text. */
export const saidBy =
  (output: Pick<Copies, 'last' | 'read'>, most: number) =>
  (job: number): readonly string[] => {
    const last = output.last(job)
    return output
      .read(job, Math.max(1, last - most + 1), most)
      .map(([, , text]) => stripVTControlCharacters(text).replace(/^(?:[-=]+>| !)? +/, ''))
      .filter((line) => line !== '')
  }
