import type { Copies } from '../logs/copies.ts'

/** A page shows the last lines of a job anew so often, however many come. */
const APART_MS = 250

/** Says, for each job followed, that its command said something: at once, then a few times a second. */
export function tellings(output: Pick<Copies, 'watch'>, tell: (id: number) => void) {
  const followed = new Map<number, { readonly leave: () => void; timer: NodeJS.Timeout | undefined }>()
  return {
    follow(id: number): void {
      if (followed.has(id)) return
      const leave = output.watch(id, () => {
        const one = followed.get(id)
        if (one === undefined || one.timer !== undefined) return
        tell(id)
        one.timer = setTimeout(() => {
          one.timer = undefined
          tell(id)
        }, APART_MS).unref()
      })
      followed.set(id, { leave, timer: undefined })
    },
    leave(id: number): void {
      const one = followed.get(id)
      if (one === undefined) return
      clearTimeout(one.timer)
      one.leave()
      followed.delete(id)
    },
    close(): void {
      for (const id of [...followed.keys()]) this.leave(id)
    },
  }
}
