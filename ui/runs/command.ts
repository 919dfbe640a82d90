/** One-off commands in a container of the app, and its cron entries. Pure. */
import * as z from 'zod'
import { App, appOf, SAFE } from '../jobs/app-kind.ts'
import { type Kind, kind } from '../jobs/kind.ts'

const NUL = /\0/
/** What is run; Dokku would take a dash in front for an option of its own. */
const Program = z
  .string()
  .regex(/^[^-]/, 'begin with what is to run, not with an option')
  .refine((word) => !NUL.test(word), 'this cannot be written in a command')

/** Words Dokku obeys wherever they stand; and of what begins with two dashes, only what nothing expands. */
const DOKKUS_OWN = /^--((app|force|quiet|trace)$|label)/
const PLAIN_OPTION = /^--[A-Za-z0-9_.,:/=@%+-]*$/

const Word = z
  .string()
  .refine((word) => !NUL.test(word), 'this cannot be written in a command')
  .refine((word) => !DOKKUS_OWN.test(word), {
    error: ({ input }) => `Dokku takes ${String(input)} for its own: write it within sh -c '…'`,
  })
  .refine((word) => !word.startsWith('--') || PLAIN_OPTION.test(word), {
    error: ({ input }) => `Dokku would read ${String(input)} in a way of its own: write it within sh -c '…'`,
  })

const Run = App.extend({ program: Program, words: z.array(Word).max(200, '200 words at most') })

const Cron = App.extend({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+/=_-]{0,1999}$/, 'this is no cron entry'),
})

export const runKinds: readonly Kind[] = [
  // Never again by itself: nobody knows what it does.
  kind({
    name: 'run',
    payload: Run,
    app: appOf,
    command: ({ app, program, words }) => ['run', app, program, ...words],
  }),
  kind({
    name: 'cron:run',
    payload: Cron,
    app: appOf,
    command: ({ app, id }) => ['cron:run', app, id],
  }),
  ...(['cron:suspend', 'cron:resume'] as const).map((name) =>
    kind({
      name,
      payload: Cron,
      app: appOf,
      command: ({ app, id }) => [name, app, id],
      repeat: SAFE,
    }),
  ),
]

/** Whose jobs are the runs of an app. */
export const RUN_KINDS = ['run', 'cron:run'] as const
