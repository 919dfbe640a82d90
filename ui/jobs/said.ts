import { type Copies, lastLines } from '../logs/copies.ts'
import { plain } from '../logs/line.ts'

/** The last lines a job's command said, as text. */
export const saidBy =
  (output: Pick<Copies, 'last' | 'read'>, most: number) =>
  (job: number): readonly string[] =>
    lastLines(output, job, most)
      .map(([, , text]) => plain(text).replace(/^(?:[-=]+>| !)? +/, ''))
      .filter((line) => line !== '')
