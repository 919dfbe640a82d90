/** Changes of an app's config that somebody made and has not applied. Pure. */
import { createHmac } from 'node:crypto'
import type { ConfigChange } from './config.ts'

/** One key. */
export interface Edit {
  readonly key: string
  /** Null: the key is to go. */
  readonly value: string | null
  /** When it was begun: whatever changed after that is a conflict. */
  readonly at: number
  /** What Dokku had when somebody last compared, as a fingerprint; null: nobody has. */
  readonly base: string | null
}

/** A value in which nothing is seen. */
export const isBlank = (value: string | null): boolean => value !== null && value.trim() === ''

export interface Applying {
  /** The job that is doing it. */
  readonly job: number
  readonly edits: readonly Edit[]
  /** Keys a second command is to take away once the first one went well. */
  readonly unsetting: readonly string[]
  readonly restart: boolean
  readonly byRoot: boolean
  readonly by: { readonly ip: string; readonly userAgent: string }
}

export interface Draft {
  /** Grows with each change: what somebody looked at is what is applied. */
  readonly version: number
  /** Of the fingerprints. */
  readonly salt: string
  readonly account: { readonly id: number; readonly name: string }
  readonly edits: readonly Edit[]
  readonly applying: Applying | null
  /** When our own commands changed keys last: no conflict is made of that. `to` null: they still do. */
  readonly ours: { readonly from: number; readonly to: number | null } | null
  /** The job by which applying failed; its edits are back among the others. */
  readonly failed: number | null
  /** Keys that were left out of what was pasted last. */
  readonly leftOut: readonly string[]
}

export type Change = readonly [key: string, value: string | null]

export const emptyDraft = (account: Draft['account'], salt: string): Draft => ({
  version: 0,
  salt,
  account: { id: account.id, name: account.name },
  edits: [],
  applying: null,
  ours: null,
  failed: null,
  leftOut: [],
})

/** A key edited again keeps the moment it was begun at: what happened since has still not been seen. */
export function withChanges(draft: Draft, changes: readonly Change[], now: number): Draft {
  const edits = new Map(draft.edits.map((edit) => [edit.key, edit]))
  for (const [key, value] of changes) {
    const before = edits.get(key)
    edits.set(key, { key, value, at: before?.at ?? now, base: before?.base ?? null })
  }
  return { ...draft, version: draft.version + 1, edits: [...edits.values()] }
}

export const without = (draft: Draft, keys: readonly string[]): Draft => ({
  ...draft,
  version: draft.version + 1,
  edits: draft.edits.filter(({ key }) => !keys.includes(key)),
})

export const isEmpty = ({ edits, applying }: Draft): boolean => edits.length === 0 && applying === null

export const fingerprint = (salt: string, key: string, value: string | undefined): string =>
  value === undefined ? 'unset' : createHmac('sha256', salt).update(`${key}\0${value}`).digest('base64url')

/** Who changed a key after somebody began to edit it, by what Dokku told. */
export function changedMeanwhile(draft: Draft, row: ConfigChange | undefined, edit: Edit): boolean {
  if (row === undefined || row.changedAt <= edit.at) return false
  const { ours, account } = draft
  const byUs =
    ours !== null &&
    row.changedBy === account.name &&
    row.changedAt >= ours.from &&
    row.changedAt <= (ours.to ?? Number.POSITIVE_INFINITY)
  return !byUs
}

export type Kept = 'added' | 'changed' | 'removed' | 'as it is'

export interface Compared {
  readonly edit: Edit
  readonly kind: Kept
  /** Changed elsewhere meanwhile: by whom and when, where Dokku told. */
  readonly conflict: { readonly change: ConfigChange | null } | null
}

export type Values = ReadonlyMap<string, string>

/** A field of a form sends each end of a line as \n: one that Dokku has as \r\n or \r was not touched by that. */
export const sameAsTyped = (now: Values, key: string, value: string): boolean =>
  now.get(key)?.replace(/\r\n?/g, '\n') === value

/** The draft beside what Dokku has now. */
export const comparedWith = (
  draft: Draft,
  values: Values,
  rows: ReadonlyMap<string, ConfigChange>,
): readonly Compared[] =>
  draft.edits.map((edit) => {
    const kind = kindOf(edit, values.get(edit.key))
    const row = rows.get(edit.key)
    const told = changedMeanwhile(draft, row, edit)
    const differs =
      edit.base !== null && edit.base !== fingerprint(draft.salt, edit.key, values.get(edit.key))
    const conflict = kind !== 'as it is' && (told || differs) ? { change: told ? (row ?? null) : null } : null
    return { edit, kind, conflict }
  })

function kindOf({ value }: Edit, now: string | undefined): Kept {
  if ((value ?? undefined) === now) return 'as it is'
  if (value === null) return 'removed'
  return now === undefined ? 'added' : 'changed'
}

/** What Dokku had when somebody compared for the first time is what each edit starts from. */
export const withBases = (draft: Draft, values: Values): Draft => ({
  ...draft,
  edits: draft.edits.map((edit) => ({
    ...edit,
    base: edit.base ?? fingerprint(draft.salt, edit.key, values.get(edit.key)),
  })),
})

/** Somebody saw what the key is now and wants theirs all the same. */
export const insisted = (draft: Draft, key: string, values: Values, now: number): Draft => ({
  ...draft,
  version: draft.version + 1,
  edits: draft.edits.map((edit) =>
    edit.key === key ? { ...edit, at: now, base: fingerprint(draft.salt, key, values.get(key)) } : edit,
  ),
})

export const begun = (draft: Draft, applying: Applying, now: number): Draft => ({
  ...draft,
  version: draft.version + 1,
  edits: [],
  applying,
  ours: { from: now, to: null },
  failed: null,
  leftOut: [],
})

/** It is done, or what was to be done is back: never lost, and a key edited again meanwhile stays as it was edited. */
export function ended(draft: Draft, outcome: 'applied' | 'failed', at: number): Draft {
  const { applying, ours } = draft
  const again = outcome === 'applied' || applying === null ? [] : applying.edits
  const edits = new Map([...again, ...draft.edits].map((edit) => [edit.key, edit]))
  return {
    ...draft,
    version: draft.version + 1,
    // What Dokku has of them is not known: a base would make a conflict of what we did ourselves.
    edits: [...edits.values()].map((edit) => (again.includes(edit) ? { ...edit, base: null } : edit)),
    applying: null,
    ours: ours && { ...ours, to: at },
    failed: outcome === 'failed' ? (applying?.job ?? null) : null,
  }
}
