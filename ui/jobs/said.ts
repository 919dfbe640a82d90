import { stripVTControlCharacters } from 'node:util'
import { type Copies, lastLines } from '../logs/copies.ts'

/** The last lines a job's command said, as text. */
export const saidBy =
  (output: Pick<Copies, 'last' | 'read'>, most: number) =>
  (job: number): readonly string[] =>
    lastLines(output, job, most)
      .map(([, , text]) => stripVTControlCharacters(text).replace(/^(?:[-=]+>| !)? +/, ''))
      .filter((line) => line !== '')
