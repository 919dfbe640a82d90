/** Dokku is asked again what it says of an app. Nobody waits for the answer: the page changes when it came. */
import { Hono } from 'hono'
import * as z from 'zod'
import type { AskEnv } from '../jobs/asking.ts'
import { NotFound } from '../web/errors.ts'
import type { Looks } from './report.ts'

const Tab = z.object({
  tab: z
    .string()
    .regex(/^[a-z]{1,20}$/)
    .catch(''),
})

export interface ReportActionsOptions {
  readonly looks: Looks
  readonly apps: { named(name: string): { readonly id: number } | undefined }
}

export const reportActions = ({ looks, apps }: ReportActionsOptions) =>
  new Hono<AskEnv>().post('/apps/:app/looks', async (c) => {
    const app = c.req.param('app')
    if (apps.named(app) === undefined) throw new NotFound(`There is no app named ${app}.`)
    looks.look(app)
    const { tab } = Tab.parse(await c.req.parseBody())
    if (c.req.header('hx-request') === 'true') return c.body(null, 204)
    return c.redirect(`/apps/${encodeURIComponent(app)}/${tab}`, 303)
  })
