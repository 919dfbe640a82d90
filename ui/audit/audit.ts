/** What the audit trail keeps of one act, and how a change reads. */

/** Plain values only; whoever records an act leaves secrets out, the trail cannot know them. */
export type Facts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

interface Act {
  /** Account name; empty where nobody was signed in. */
  readonly who: string
  /** In the past tense, as the page shows it: "signed in", "session revoked". */
  readonly action: string
  /** What it was done to: a tried name, a session, an app. */
  readonly subject?: string
  readonly by: { readonly ip: string; readonly userAgent: string }
  readonly before?: Facts
  readonly after?: Facts
}

/** Handed to every feature. Inside a database transaction the row is part of it. */
export type RecordAudit = (act: Act) => void

export interface Difference {
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

/** Name by name what an act changed; null on the side where the name did not exist. */
export function differences(
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>> | null,
): readonly Difference[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names
    .map((name) => ({ name, before: inWords(before, name), after: inWords(after, name) }))
    .filter((difference) => difference.before !== difference.after)
}

function inWords(facts: Readonly<Record<string, unknown>> | null, name: string): string | null {
  if (facts === null || !Object.hasOwn(facts, name)) return null
  const value = facts[name]
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (value === null || value === '') return 'none'
  if (Array.isArray(value)) return value.join(', ') || 'none'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
