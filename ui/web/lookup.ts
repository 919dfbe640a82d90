/**
 * A table that is looked up by words from outside: triggers, states, arguments. A Map and not an object, for an object
 * also answers to `__proto__`, `constructor` and `toString`.
 */
export const lookup = <Value>(entries: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> =>
  new Map(Object.entries(entries))
