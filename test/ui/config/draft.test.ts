import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfigChange } from '../../../ui/config/config.ts'
import {
  begun,
  type Change,
  comparedWith,
  type Draft,
  emptyDraft,
  ended,
  insisted,
  withBases,
  withChanges,
  without,
} from '../../../ui/config/draft.ts'

const ADA = { id: 1, name: 'ada' }
const T = 1_000_000
const made = (changes: readonly Change[], at = T): Draft => withChanges(emptyDraft(ADA, 'salt'), changes, at)
const told = (key: string, changedAt: number, changedBy = 'grace'): ReadonlyMap<string, ConfigChange> =>
  new Map([[key, { key, change: 'set', changedAt, changedBy }]])
const values = (all: Readonly<Record<string, string>>) => new Map(Object.entries(all))
const job = (draft: Draft) => ({
  job: 7,
  edits: draft.edits,
  unsetting: [],
  restart: true,
  byRoot: false,
  by: { ip: '', userAgent: '' },
})
const conflicts = (draft: Draft, now: Readonly<Record<string, string>>, rows = told('NONE', 0)) =>
  comparedWith(draft, values(now), rows)
    .filter(({ conflict }) => conflict !== null)
    .map(({ edit }) => edit.key)

describe('changes beside what Dokku has', () => {
  test('are added, changed, removed, or there already', () => {
    const draft = made([
      ['NEW', 'x'],
      ['OTHER', 'x'],
      ['GONE', null],
      ['SAME', 'x'],
      ['NEVER', null],
    ])
    expect(
      comparedWith(draft, values({ OTHER: 'y', GONE: 'z', SAME: 'x' }), new Map()).map(({ edit, kind }) => [
        edit.key,
        kind,
      ]),
    ).toEqual([
      ['NEW', 'added'],
      ['OTHER', 'changed'],
      ['GONE', 'removed'],
      ['SAME', 'as it is'],
      ['NEVER', 'as it is'],
    ])
  })

  test('are in conflict with what anybody changed after they were begun', () => {
    const draft = made([['KEY', 'mine']])
    expect(conflicts(draft, { KEY: 'theirs' }, told('KEY', T + 1))).toEqual(['KEY'])
    expect(conflicts(draft, { KEY: 'theirs' }, told('KEY', T - 1))).toEqual([])
    expect(conflicts(draft, { KEY: 'mine' }, told('KEY', T + 1)), 'both want the same').toEqual([])
    expect(
      conflicts(withChanges(draft, [['KEY', 'again']], T + 2), { KEY: 'theirs' }, told('KEY', T + 1)),
    ).toEqual(['KEY'])
  })

  test('are in conflict with a value that differs since they were compared, though nobody told', () => {
    const draft = withBases(
      made([
        ['KEY', 'mine'],
        ['NEW', 'x'],
      ]),
      values({ KEY: 'old' }),
    )
    expect(conflicts(draft, { KEY: 'old' })).toEqual([])
    expect(conflicts(draft, { KEY: 'other' })).toEqual(['KEY'])
    expect(conflicts(draft, { KEY: 'old', NEW: 'y' })).toEqual(['NEW'])
    expect(conflicts(draft, {})).toEqual(['KEY'])
  })

  test('are no conflict any more once somebody insists, until it changes again', () => {
    const draft = insisted(made([['KEY', 'mine']]), 'KEY', values({ KEY: 'theirs' }), T + 5)
    expect(conflicts(draft, { KEY: 'theirs' }, told('KEY', T + 1))).toEqual([])
    expect(conflicts(draft, { KEY: 'and again' }, told('KEY', T + 1))).toEqual(['KEY'])
    expect(conflicts(draft, { KEY: 'and again' }, told('KEY', T + 9))).toEqual(['KEY'])
  })

  test('a fingerprint says nothing of the value and differs by key', () => {
    const draft = withBases(
      made([
        ['A', 'x'],
        ['B', 'x'],
      ]),
      values({ A: 'hunter2', B: 'hunter2' }),
    )
    expect(JSON.stringify(draft)).not.toContain('hunter2')
    expect(draft.edits[0]?.base).not.toBe(draft.edits[1]?.base)
  })
})

describe('applying', () => {
  const draft = withBases(
    made([
      ['A', '1'],
      ['B', null],
    ]),
    values({ B: 'b' }),
  )

  test('leaves nothing behind when it went well, and edits made meanwhile stay', () => {
    const meanwhile = withChanges(begun(draft, job(draft), T + 10), [['C', '3']], T + 11)
    const after = ended(meanwhile, 'applied', T + 20)
    expect(after.edits.map(({ key }) => key)).toEqual(['C'])
    expect(after).toMatchObject({ applying: null, failed: null })
  })

  test('gives everything back when it failed, but not over what was edited meanwhile', () => {
    const meanwhile = withChanges(begun(draft, job(draft), T + 10), [['A', 'newer']], T + 11)
    const after = ended(meanwhile, 'failed', T + 20)
    expect(after.edits.map(({ key, value }) => [key, value]).sort()).toEqual([
      ['A', 'newer'],
      ['B', null],
    ])
    expect(after.failed).toBe(7)
  })

  test('its own events are no conflict; those of others meanwhile are', () => {
    const after = ended(begun(draft, job(draft), T + 10), 'failed', T + 20)
    expect(conflicts(after, { A: 'half' }, told('A', T + 15, 'ada'))).toEqual([])
    expect(conflicts(after, { A: 'half' }, told('A', T + 15, 'grace'))).toEqual(['A'])
    expect(conflicts(after, { A: 'half' }, told('A', T + 25, 'ada'))).toEqual(['A'])
  })
})

test('whatever is edited, left out and applied in whatever order: nothing is lost, nothing is there twice', () => {
  const key = fc.constantFrom('A', 'B', 'C', '__proto__')
  const step = fc.oneof(
    fc.record({ do: fc.constant('edit' as const), key, value: fc.option(fc.string()) }),
    fc.record({ do: fc.constant('drop' as const), key }),
    fc.record({ do: fc.constant('apply' as const) }),
    fc.record({ do: fc.constant('end' as const), well: fc.boolean() }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      let draft = emptyDraft(ADA, 'salt')
      const wanted = new Map<string, string | null>()
      let under = new Map<string, string | null>()
      for (const [at, one] of steps.entries()) {
        if (one.do === 'edit') {
          draft = withChanges(draft, [[one.key, one.value]], at)
          wanted.set(one.key, one.value)
        } else if (one.do === 'drop') {
          draft = without(draft, [one.key])
          wanted.delete(one.key)
        } else if (one.do === 'apply' && draft.applying === null && draft.edits.length > 0) {
          draft = begun(draft, job(draft), at)
          under = new Map(wanted)
          wanted.clear()
        } else if (one.do === 'end' && draft.applying !== null) {
          draft = ended(draft, one.well ? 'applied' : 'failed', at)
          if (!one.well) for (const [name, value] of under) if (!wanted.has(name)) wanted.set(name, value)
        }
        expect(new Map(draft.edits.map((edit) => [edit.key, edit.value]))).toEqual(wanted)
        expect(draft.edits).toHaveLength(wanted.size)
      }
    }),
    { numRuns: 1000 },
  )
})
