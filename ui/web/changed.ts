/** Forms that say beside each field what it was: only what somebody changed is asked for. Pure. */

type Sent = Readonly<Record<string, unknown>>

const texts = (value: unknown): ReadonlyMap<string, string> =>
  new Map(
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, text]) =>
          typeof text === 'string' ? [[key, text.trim()] as const] : [],
        )
      : [],
  )

/**
 * Of `group.key=…` those that differ from `was.group.key=…`, as a form with `parseBody({ dot: true })` has them.
 * What was not there before was empty.
 */
export function changedIn(sent: Sent, group: string): ReadonlyMap<string, string> {
  const { was } = sent
  const before = texts(typeof was === 'object' && was !== null ? new Map(Object.entries(was)).get(group) : {})
  return new Map([...texts(sent[group])].filter(([key, value]) => (before.get(key) ?? '') !== value))
}
