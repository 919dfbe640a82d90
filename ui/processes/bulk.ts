/** The same done to several apps: one job an app, asked together. */
import { Hono } from 'hono'
import * as z from 'zod'
import type { Ask, AskEnv } from '../jobs/asking.ts'

const KINDS = ['ps:restart', 'ps:rebuild', 'ps:stop'] as const

const Several = z.object({
  kind: z.enum(KINDS, 'choose what to do: restart, rebuild or stop'),
  /** Each is checked by its kind. */
  app: z
    .union([z.array(z.string()), z.string().transform((one) => [one])], 'select at least one app')
    .transform((names) => [...new Set(names)])
    .refine((names) => names.length <= 500, '500 apps at once are the most'),
})

export const bulkActions = ({ ask }: { readonly ask: Ask }) =>
  new Hono<AskEnv>().post('/jobs', async (c) => {
    const { kind, app } = Several.parse(await c.req.parseBody({ all: true }))
    return ask(c, ...app.map((name) => ({ kind, payload: { app: name } })))
  })
