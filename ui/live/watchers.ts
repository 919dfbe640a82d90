export interface Watchers {
  /** Told of each change of it, until the function it returns is called. */
  watch(id: number, onChange: () => void): () => void
  tell(id: number): void
  /** Somebody watches it now. */
  has(id: number): boolean
}

/** Within this process: who watches which thing. It need not be there yet. */
export function watchers(): Watchers {
  const watching = new Map<number, Set<() => void>>()
  return {
    watch(id, onChange) {
      const all = watching.get(id) ?? new Set()
      watching.set(id, all.add(onChange))
      return () => {
        if (all.delete(onChange) && all.size === 0) watching.delete(id)
      }
    },
    tell(id) {
      for (const onChange of watching.get(id) ?? []) onChange()
    },
    has: (id) => watching.has(id),
  }
}
