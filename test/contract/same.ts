import { expect } from 'vitest'
import { alike } from './alike.ts'
import type { Recording } from './recorded.ts'
import type { Said, Target } from './target.ts'

/** A command answered as it did when it was recorded. */
export function expectSame(target: Target, said: Said, recording: Recording): void {
  const shape = (text: string) => alike(target.withoutDocker(text))
  expect(shape(target.asRecorded(said.stdout))).toBe(shape(recording.stdout))
  expect(shape(said.stderr)).toBe(shape(recording.stderr))
  expect(said.exit).toBe(recording.exit)
}

/** Every network:* but create and destroy asks Docker for JSON in a way its older clients don't know. */
export const clientTooOld = ({ stderr }: Said): boolean =>
  stderr === " !     invalid character 'j' looking for beginning of value\n"

export const WHY_TOO_OLD = 'Docker clients before 23 do not know --format json'
