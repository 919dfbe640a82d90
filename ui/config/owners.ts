/** Where the pages are: an app's below the app, the server's where its root allowed them. */
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { requireRole } from '../accounts/guard.ts'
import type { AppHeads } from '../apps/head.ts'
import { howToAllow } from '../properties/property.ts'
import type { Looks } from '../reports/report.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import { type ConfigActionsOptions, configActions } from './actions.ts'
import { GLOBAL_SWITCH } from './owner.ts'
import { notAllowedPage } from './owner-views.ts'
import { type ConfigEnv, configRoutes } from './routes.ts'

export interface OwnersOptions extends ConfigActionsOptions {
  readonly heads: AppHeads
  readonly looks: Looks
}

export const configOwners = (options: OwnersOptions) => {
  const pages = new Hono<ConfigEnv>().route('/', configRoutes(options)).route('/', configActions(options))
  const ofApp = new Hono<{ Variables: AppEnv['Variables'] & ConfigEnv['Variables'] }>()
    .use('/apps/:app/config/*', knownApp(options.heads), (c, next) => {
      c.set('owner', c.var.head)
      return next()
    })
    .route('/apps/:app/config', pages)
  const ofServer = new Hono<ConfigEnv>()
    .post('/config/looks', requireRole('admin'), (c) => {
      options.looks.look(null)
      return c.req.header('hx-request') === 'true' ? c.body(null, 204) : c.redirect('/config', 303)
    })
    .get('/config', (c, next) =>
      options.mayGlobal() ? next() : c.html(notAllowedPage(c.var.frame, options.looks.isLooking(null))),
    )
    .use('/config/*', (c, next) => {
      if (!options.mayGlobal())
        throw new HTTPException(403, {
          message: `Global config is as good as root on this server; its root may allow it: ${howToAllow(GLOBAL_SWITCH)}`,
        })
      c.set('owner', null)
      return next()
    })
    .route('/config', pages)
  return new Hono().route('/', ofApp).route('/', ofServer)
}
