/** What can be done to an app's processes from its pages. */
import { Hono } from 'hono'
import type { Ask, AskEnv } from '../jobs/asking.ts'

export const processActions = ({ ask }: { readonly ask: Ask }) =>
  new Hono<AskEnv>()
    .post('/apps/:app/restarts', async (c) => {
      const { process } = await c.req.parseBody()
      const payload = { app: c.req.param('app'), ...(process && { process }) }
      return ask(c, { kind: 'ps:restart', payload })
    })
    .post('/apps/:app/rebuilds', (c) => ask(c, { kind: 'ps:rebuild', payload: { app: c.req.param('app') } }))
    .post('/apps/:app/stops', (c) => ask(c, { kind: 'ps:stop', payload: { app: c.req.param('app') } }))
    .post('/apps/:app/starts', (c) => ask(c, { kind: 'ps:start', payload: { app: c.req.param('app') } }))
