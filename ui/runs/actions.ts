/** Something is run in a container of the app: a line somebody typed, or a cron entry now. */
import { Hono } from 'hono'
import * as z from 'zod'
import type { Ask, AskEnv } from '../jobs/asking.ts'
import { refuse } from '../web/fields.ts'
import { wordsOf } from './line.ts'

const Sent = z.object({ line: z.string().catch('') })

export const runActions = ({ ask }: { readonly ask: Ask }) =>
  new Hono<AskEnv>()
    .post('/apps/:app/runs', async (c) => {
      const { line } = Sent.parse(await c.req.parseBody())
      const read = wordsOf(line)
      if (!read.ok) return refuse(read.why, ['line'])
      const [program = '', ...words] = read.words
      const payload = { app: c.req.param('app'), program, words }
      return beside(() => ask(c, { kind: 'run', payload }))
    })
    .post('/apps/:app/cron/:id/runs', (c) => ask(c, { kind: 'cron:run', payload: entry(c.req.param()) }))
    .post('/apps/:app/cron/:id/suspension', (c) =>
      ask(c, { kind: 'cron:suspend', payload: entry(c.req.param()) }),
    )
    .delete('/apps/:app/cron/:id/suspension', (c) =>
      ask(c, { kind: 'cron:resume', payload: entry(c.req.param()) }),
    )

const entry = ({ app, id }: { readonly app: string; readonly id: string }) => ({ app, id })

/** Whichever word of the line was wrong, there is one field it is in. */
async function beside(asked: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await asked()
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    const [{ path, message } = { path: [], message: 'this cannot be run' }] = error.issues
    return refuse(message, path[0] === 'app' ? [] : ['line'])
  }
}
