/** The keys of an app with what waits to be done to them. Pure. */
import type { ConfigChange } from './config.ts'
import { changedMeanwhile, type Draft, type Edit, isBlank } from './draft.ts'

export interface ConfigRow {
  readonly key: string
  /** What is known of it in Dokku; undefined: nothing. */
  readonly known: ConfigChange | undefined
  readonly edit: Edit | undefined
  readonly isApplying: boolean
  /** Told to have changed elsewhere since the edit was begun. */
  readonly conflict: boolean
}

export function rowsOf(known: readonly ConfigChange[], draft: Draft | null): readonly ConfigRow[] {
  const all = new Map(known.map((change) => [change.key, change]))
  const edits = new Map(draft?.edits.map((edit) => [edit.key, edit]))
  const applying = new Map(draft?.applying?.edits.map((edit) => [edit.key, edit]))
  const there = known.filter(({ change }) => change === 'set').map(({ key }) => key)
  const keys = new Set([...there, ...edits.keys(), ...applying.keys()])
  return [...keys]
    .sort((one, other) => (one < other ? -1 : 1))
    .map((key) => {
      const edit = edits.get(key)
      const row = all.get(key)
      return {
        key,
        known: row?.change === 'set' ? row : undefined,
        edit,
        isApplying: edit === undefined && applying.has(key),
        conflict: draft !== null && edit !== undefined && changedMeanwhile(draft, row, edit),
      }
    })
}

/** "2 set, 1 emptied, 1 removed" */
export function inWords(edits: readonly Edit[]): string {
  const removed = edits.filter(({ value }) => value === null).length
  const emptied = edits.filter(({ value }) => isBlank(value)).length
  const set = edits.length - removed - emptied
  return [
    set > 0 ? `${set} set` : '',
    emptied > 0 ? `${emptied} emptied` : '',
    removed > 0 ? `${removed} removed` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}
