/** What may help a job of an app that met a lock, or a deploy that does not come to its end. */
import { html } from 'hono/html'
import * as z from 'zod'
import { lock } from '../apps/action-views.ts'
import type { App, AppReads } from '../apps/app.ts'
import { action } from '../web/action.ts'
import { moment } from '../web/components.ts'
import { deploymentHref, who } from '../web/deployment-row.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { type DeploymentInBrief, type DeploymentReads, sourceWords } from './deployment.ts'
import { holderOf, isLockRefusal, type Refused } from './lock.ts'

interface JobThatAsks {
  readonly kind: string
  readonly state: string
  readonly payload: unknown
  readonly reason: string
  readonly startedAt: number | null
  readonly endedAt: number | null
}

export interface RemediesOptions {
  readonly apps: Pick<AppReads, 'named'>
  readonly deployments: Pick<DeploymentReads, 'page' | 'running'>
}

/** A deploy that takes longer than this may be waited for in vain. */
const LONG_MS = 10 * 60_000

export const remedies = ({ apps, deployments }: RemediesOptions) =>
  function remedy(job: JobThatAsks, frame: Frame): Html | '' {
    const app = apps.named(z.object({ app: z.string() }).safeParse(job.payload).data?.app ?? '')
    if (app === undefined || app.destroyedAt !== null || job.startedAt === null) return ''
    if (job.state === 'failed' && isLockRefusal(job.reason)) {
      const refused = { from: job.startedAt, to: job.endedAt ?? frame.now }
      return holder(frame, app, ownerOf(deployments, app.id, refused))
    }
    if (job.state === 'failed' && job.kind === 'builds:cancel')
      return app.locked ? note(html`<p>${AFTER_CANCEL}</p>`, unlock(frame, app)) : ''
    const isLong = job.state === 'running' && frame.now - job.startedAt > LONG_MS
    return isLong && app.locked ? note(html`<p>${WHILE_LONG}</p>`, unlock(frame, app)) : ''
  }

/** Of all deployments of the app that may have been there at the time. */
export const ownerOf = (
  deployments: RemediesOptions['deployments'],
  appId: number,
  refused: Refused,
): DeploymentInBrief | undefined =>
  holderOf([...deployments.running({ appId }), ...deployments.page({ appId }, { limit: 50 })], refused)

/** Whose deploy it was, and what of it: also above a deployment that was refused. */
export function holder(frame: Frame, app: App, held: DeploymentInBrief | undefined): Html {
  if (held === undefined)
    return note(
      html`<p><span class="font-medium">No deploy known here held the lock.</span> Something on the server still does: a deploy that hangs, or one that was begun past Dokku’s records. If nothing of the kind runs any more, take the lock away and try again.</p>`,
      unlock(frame, app),
    )
  const link = html`<a href="${deploymentHref(app.name, held)}" class="rounded font-medium underline underline-offset-2">${app.name} #${held.number}</a>`
  const what = html`${who(held)} (${sourceWords(held).toLowerCase()})`
  return held.status === 'running'
    ? note(
        html`<p>${link} holds the lock: ${what}, begun ${moment(held.startedAt, frame.now)}. It still runs; wait for its end or cancel it there, then try again.</p>`,
      )
    : note(
        html`<p>${link} held the lock: ${what}. It ${held.endedAt === null ? 'has ended' : html`ended ${moment(held.endedAt, frame.now)}`}, so the way is free: try again.</p>`,
        app.locked ? unlock(frame, app) : '',
      )
}

const AFTER_CANCEL =
  'A push ends where it was begun, with Ctrl-C, or by itself. The lock file stays until then; once nothing of it runs any more it can be taken away.'
const WHILE_LONG =
  'Canceling ends everything this job started. Should the app stay locked afterwards, or should nothing of it run any more, its lock can be taken away.'

const unlock = (frame: Frame, { name }: App): Html | '' =>
  action(frame, { ...lock(name, true), label: 'Unlock' })

const note = (text: Html, act: Html | '' = ''): Html =>
  html`<section aria-label="What may help" class="mb-5 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border border-warn/40 bg-warn-fill/8 p-4"><span class="flex min-w-0 flex-1 basis-72 gap-3">${icon('lock', 'mt-0.5 size-4 shrink-0 text-warn')}<span class="min-w-0">${text}</span></span>${act}</section>`
