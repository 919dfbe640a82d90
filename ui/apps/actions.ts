/** What can be done to an app as a whole. */
import { Hono } from 'hono'
import type { Ask, AskEnv } from '../jobs/asking.ts'
import { NotFound } from '../web/errors.ts'
import { refuse } from '../web/fields.ts'
import type { AppReads } from './app.ts'

export interface AppActionsOptions {
  readonly ask: Ask
  readonly apps: Pick<AppReads, 'named'>
}

export const appActions = ({ ask, apps }: AppActionsOptions) => {
  const isThere = (name: string) => apps.named(name)?.destroyedAt === null
  const there = (app: string): string => {
    if (!isThere(app)) throw new NotFound(`There is no app named ${app}.`)
    return app
  }
  /** Dokku would say so too, but after a job was asked for. */
  const free = (name: unknown) => {
    if (typeof name === 'string' && isThere(name.trim())) refuse('an app of that name is there', ['name'])
    return name
  }

  return new Hono<AskEnv>()
    .post('/apps', async (c) => {
      const { name } = await c.req.parseBody()
      return ask(c, { kind: 'apps:create', payload: { name: free(name) } })
    })
    .delete('/apps/:app', async (c) => {
      const app = there(c.req.param('app'))
      const { confirmed } = await c.req.parseBody()
      if (confirmed !== app) refuse(`Type ${app}, word for word, to destroy it`)
      return ask(c, { kind: 'apps:destroy', payload: { app } })
    })
    .post('/apps/:app/clones', async (c) => {
      const app = there(c.req.param('app'))
      const { name, skipDeploy } = await c.req.parseBody()
      return ask(c, { kind: 'apps:clone', payload: { app, name: free(name), skipDeploy } })
    })
    .put('/apps/:app/name', async (c) => {
      const app = there(c.req.param('app'))
      const { name, skipDeploy } = await c.req.parseBody()
      const isOwn = typeof name === 'string' && name.trim() === app
      const payload = { app, name: isOwn ? name : free(name), skipDeploy }
      return ask(c, { kind: 'apps:rename', payload })
    })
    .put('/apps/:app/lock', (c) => ask(c, { kind: 'apps:lock', payload: { app: there(c.req.param('app')) } }))
    .delete('/apps/:app/lock', (c) =>
      ask(c, { kind: 'apps:unlock', payload: { app: there(c.req.param('app')) } }),
    )
}
