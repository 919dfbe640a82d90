/** What a feature's kinds of jobs make of whatever is asked of them. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { ZodError } from 'zod'
import { type Asked, type Kind, kindsOf } from '../../../ui/jobs/kind.ts'

interface Trials {
  readonly runs: number
  /** More than so many must pass, or the check saw next to nothing. */
  readonly passing: number
}

export function askedOf(all: readonly Kind[]) {
  const kinds = kindsOf(all)
  /** What would run; null where it cannot be asked for. */
  const read = (name: string, payload: unknown): Asked | null => {
    try {
      return kinds.get(name)?.read(payload) ?? null
    } catch (error) {
      expect(error).toBeInstanceOf(ZodError)
      return null
    }
  }
  return {
    kinds,
    read,
    command: (name: string, payload: unknown): string | null =>
      read(name, payload)?.command.join(' ') ?? null,
    /** Checks what comes of such payloads, sent to any of the kinds, where it is not refused. */
    whatPasses<Payload>(
      payloads: fc.Arbitrary<Payload>,
      { runs, passing }: Trials,
      check: (asked: Asked, kind: string, payload: Payload) => void,
    ): void {
      let passed = 0
      fc.assert(
        fc.property(fc.constantFrom(...kinds.keys()), payloads, (kind, payload) => {
          const asked = read(kind, payload)
          if (asked === null) return
          passed += 1
          check(asked, kind, payload)
        }),
        { numRuns: runs },
      )
      expect(passed).toBeGreaterThan(passing)
    },
  }
}
