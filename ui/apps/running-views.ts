/** "What runs" on the page of an app. */
import { html } from 'hono/html'
import { type Deployment, type DeploymentInBrief, sourceWords, titleOf } from '../deployments/deployment.ts'
import { empty, fact, gitPush, moment, panel } from '../web/components.ts'
import { deploymentHref, who } from '../web/deployment-row.ts'
import { shortRevision } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import type { App, AppHead } from './app.ts'
import { type Code, fate, shortImage, UNKNOWN_IMAGE } from './status.ts'

export interface Running {
  /** The last deployment that went live: it may only have restarted the code. */
  readonly live: Deployment | undefined
  /** By id, those whose code runs or ran. */
  readonly codes: ReadonlyMap<number, Deployment>
  readonly last: Deployment | undefined
}

export function runningPanel(frame: Frame, { app, status }: AppHead, shown: Running): Html {
  const { running } = status
  const title = app.destroyedAt === null ? 'What runs' : 'What ran'
  if (running.kind === 'panel')
    return panel(
      title,
      empty({
        title: 'The panel you look at',
        text: 'It runs beside Dokku, not in a container; this app only leads nginx to it. It is changed on the server.',
        command: 'dokku dokkubase:doctor',
        drawing: 'apps',
      }),
    )
  if (running.kind === 'nothing')
    return panel(
      title,
      app.destroyedAt === null || shown.live === undefined
        ? nothing(frame, app, running.because, shown)
        : one(frame, app, ranLast(shown.live), { ...shown, isOnly: true }),
    )
  const codes = running.codes.map((code) =>
    one(frame, app, code, { ...shown, isOnly: running.codes.length === 1 }),
  )
  const mixed =
    running.codes.length === 1
      ? ''
      : html`<p class="border-b px-4 py-3 text-[0.8125rem] text-warn">Its processes run ${running.codes.length} different versions.</p>`
  const unsure =
    running.unsure === ''
      ? ''
      : html`<p class="border-t px-4 py-2.5 text-xs text-muted-foreground">${running.unsure}</p>`
  return panel(title, html`${mixed}<div class="divide-y">${codes}</div>${unsure}`)
}

function one(
  { now }: Frame,
  app: App,
  { deployment, imageId, processes }: Code,
  { live, codes, isOnly }: Running & { readonly isOnly: boolean },
): Html {
  const whose = isOnly ? '' : html`<p class="mb-1 text-xs text-muted-foreground">${processes.join(', ')}</p>`
  const code = deployment === null ? undefined : codes.get(deployment.id)
  if (deployment === null || code === undefined)
    return html`<div class="p-4">${whose}<p class="font-medium">Unknown${imageId === null ? '' : html`: image <code class="typed" title="${imageId}">${shortImage(imageId)}</code>`}</p>${imageId === null ? '' : html`<p class="mt-1 text-[0.8125rem] text-muted-foreground">${UNKNOWN_IMAGE}</p>`}</div>`
  return html`<div class="p-4">${whose}<p class="line-clamp-3 text-[0.9375rem] font-medium"><a href="${deploymentHref(app.name, code)}" class="rounded hover:underline hover:underline-offset-2">${titleOf(code)}</a></p>
${ending(app, deployment)}
<dl class="mt-4 grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3">
${code.revision === '' ? '' : fact('Revision', html`<span class="flex items-center gap-1.5">${icon('commit', 'size-3.5')}<code class="typed" title="${code.revision}">${shortRevision(code.revision)}</code></span>`)}
${code.author === '' ? '' : fact('Author', html`<span class="line-clamp-2">${code.author}</span>`)}
${imageId === null ? '' : fact('Image', html`<code class="typed" title="${imageId}">${shortImage(imageId)}</code>`)}
${isOnly && live !== undefined && (imageId === null || isOf(live, code)) ? started(app, live, now) : fact('Deployment', number(app, code))}
</dl></div>`
}

/** Whether a deployment started that code: it brought it, or only started it again. */
const isOf = (live: Deployment, code: Deployment): boolean => live.id === code.id || live.codeId === code.id

const started = (app: App, live: Deployment, now: number): Html =>
  html`${fact('Live since', moment(live.liveAt ?? live.startedAt, now))}
${fact('By', who(live))}
${fact('Deployment', html`${number(app, live)} <span class="text-muted-foreground">${sourceWords(live).toLowerCase()}</span>`)}`

const number = (app: App, deployment: Deployment): Html =>
  html`<a href="${deploymentHref(app.name, deployment)}" class="rounded hover:underline hover:underline-offset-2">#${deployment.number}</a>`

/** Code can run whose deploy had failed: a restart starts what was built last. */
const ending = (app: App, deployment: DeploymentInBrief): Html | '' => {
  const words = fate(deployment)
  return words === ''
    ? ''
    : html`<p class="mt-1 text-[0.8125rem] text-warn">The code of <a href="${deploymentHref(app.name, deployment)}" class="rounded underline underline-offset-2">#${deployment.number}</a>${words}.</p>`
}

const ranLast = (live: Deployment): Code => ({ deployment: live, imageId: null, processes: [] })

function nothing(frame: Frame, app: App, because: string, { live, codes, last }: Running): Html {
  const { now } = frame
  if (live === undefined) {
    if (last?.status === 'running')
      return empty({
        title: 'Nothing yet',
        text: 'What this deploy brings stands here once it is live.',
        drawing: 'deployments',
      })
    if (app.destroyedAt !== null)
      return empty({ title: 'Nothing was ever live', text: because, drawing: 'deployments' })
    return empty({
      title: last === undefined ? 'Never deployed' : 'Nothing was live yet',
      text: `Push to it${last === undefined ? '' : ' again'} and the deploy appears here while it runs.`,
      command: gitPush(frame, app.name),
      drawing: 'deployments',
    })
  }
  const code = codes.get(live.codeId ?? live.id) ?? live
  return html`<div class="p-4"><p class="font-medium">Nothing runs</p><p class="mt-1 text-[0.8125rem] text-muted-foreground">${because}</p>
<p class="mt-3 text-[0.8125rem]">Live last: <a href="${deploymentHref(app.name, code)}" class="rounded font-medium hover:underline hover:underline-offset-2">${titleOf(code)}</a> ${number(app, live)}, ${moment(live.liveAt ?? live.startedAt, now)}</p></div>`
}
