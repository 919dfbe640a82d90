import type { Command, Dokku } from '../dokku/dokku.ts'

/** The same Dokku for whoever reads from it in the background: one command after the other, so that it hardly notices. */
export function inTurn({ run, follow }: Dokku): Dokku {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(command: Command, options) {
      const next = last.then(() => run(command, options))
      last = next.catch(() => {})
      return next
    },
    follow,
  }
}
