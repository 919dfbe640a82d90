/** Buttons and forms for deployments. */
import { html } from 'hono/html'
import type { App } from '../apps/app.ts'
import { action, inline } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import { command, gitPush } from '../web/components.ts'
import { askFor, askForFile } from '../web/dialog-field.ts'
import type { Frame } from '../web/frame.ts'
import { type IconName, icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { tooLarge } from '../web/upload.ts'
import type { Deployment } from './deployment.ts'
import { type Again, isNotLive } from './redeploy.ts'

/** What becomes of what there is; of an app that runs nothing there is nothing. */
const AT_DEPLOY: Readonly<Record<string, string>> = {
  'not deployed': 'Nothing of it is live yet: it answers once this deploy is through.',
  stopped: 'Nothing of it runs: it answers once this deploy is through.',
  crashed: 'Nothing of it runs: it answers once this deploy is through.',
}

/** On every page of an app: three ways to bring it code, and the fourth that needs no button. */
export function deployButton(frame: Frame, { name, state }: App, most: number): Html | '' {
  if (frame.account?.role !== 'admin') return ''
  const id = `deploy-${name}`
  return html`<button type="button" class="button button-primary" command="show-modal" commandfor="${id}" data-open-dialog="${id}" aria-label="Deploy ${name}">Deploy…</button>
<dialog id="${id}" class="panel w-[min(36rem,calc(100vw-2rem))] p-0 shadow-xl" aria-labelledby="${id}-title">
<div class="flex items-start justify-between gap-3 px-5 pt-5"><div class="min-w-0"><h2 id="${id}-title" class="break-words text-base font-semibold">Deploy <span class="typed text-base">${name}</span></h2><p class="mt-1 text-muted-foreground-2">${AT_DEPLOY[state] ?? 'The app goes on as it is until the new one answers.'}</p></div><button type="button" class="button-icon size-7 shrink-0" command="close" commandfor="${id}" data-close-dialog aria-label="Close">${icon('close', 'size-4')}</button></div>
<div class="mt-3 divide-y border-t">${way('commit', 'From a git repository', fromGit(frame, name), true)}${way('image', 'From an image', fromImage(frame, name))}${way('archive', 'From an archive', fromArchive(frame, name, most))}</div>
<div class="border-t bg-surface/50 px-5 py-3 text-[0.8125rem] text-muted-foreground"><p class="mb-1.5">Or push to it from your machine; it appears here while it runs.</p>${command(gitPush(frame, name))}</div>
</dialog>`
}

/** One open at a time, by the browser's own means. */
const way = (drawing: IconName, title: string, form: Html, open = false): Html =>
  html`<details name="deploy-from"${open ? html` open` : ''}><summary class="flex items-center gap-2.5 px-5 py-3 font-medium hover:bg-layer-hover">${icon(drawing, 'size-4 text-muted-foreground')}<span class="flex-1">${title}</span>${icon('right', 'turns size-3.5 text-muted-foreground')}</summary>${form}</details>`

const within = (fields: Html): Html => html`<div class="space-y-3 px-5 pb-4 pt-1">${fields}</div>`

const fromGit = (frame: Frame, name: string): Html =>
  inline(frame, {
    verb: 'Deploy',
    thing: `${name} from git`,
    label: 'Deploy from git',
    tone: 'primary',
    href: appHref(name, 'deployments'),
    command: null,
    form: within(
      html`${askFor({ name: 'url', label: 'Repository', placeholder: 'https://github.com/ada/shop.git', hint: 'Fetched by the server. A private one needs the server’s own key (dokku git:generate-deploy-key) or dokku git:auth.' })}${askFor({ name: 'ref', label: 'Branch, tag or commit', placeholder: 'main', optional: true })}`,
    ),
  })

const fromImage = (frame: Frame, name: string): Html =>
  inline(frame, {
    verb: 'Deploy',
    thing: `${name} from an image`,
    label: 'Deploy the image',
    tone: 'primary',
    href: appHref(name, 'deployments'),
    command: null,
    form: within(
      askFor({
        name: 'image',
        label: 'Image',
        placeholder: 'ghcr.io/ada/shop:1.2',
        hint: 'Without a registry in its name it is Docker Hub’s. The same tag as before deploys nothing new: name another tag or a digest.',
      }),
    ),
  })

const fromArchive = (frame: Frame, name: string, most: number): Html =>
  inline(frame, {
    verb: 'Deploy',
    thing: `${name} from an archive`,
    label: 'Upload and deploy',
    tone: 'primary',
    href: appHref(name, 'archives'),
    command: `dokku git:from-archive --archive-type tar ${name} -- < archive.tar`,
    upload: true,
    form: within(
      html`${askForFile({ name: 'archive', label: 'Archive', accept: '.tar,.tgz,.gz,.zip', most, tooLarge: tooLarge(most), hint: `A tar, tar.gz or zip of your code, ${Math.floor(most / 1024 / 1024)} MB at most. It goes to Dokku, without what a Mac adds to a zip, and is then deleted here.` })}<p class="while-busy text-[0.8125rem] text-muted-foreground" role="status">Sending it. Stay on this page until it is there.</p>`,
    ),
  })

/** On a deployment's own page. */
export const deploymentButtons = (
  frame: Frame,
  app: string,
  { number, status, kind }: Deployment,
  again: Again | null,
): Html | '' => {
  const href = appHref(app, `deployments/${number}`)
  const thing = `${app} #${number}`
  if (status === 'running')
    return kind === 'build'
      ? action(frame, {
          verb: 'Cancel',
          thing,
          label: 'Cancel deploy',
          href: `${href}/cancellation`,
          command: `dokku builds:cancel ${app}`,
          confirm: {
            yes: 'Cancel deploy',
            no: 'Keep running',
            text: 'What runs now goes on. Once an image is built, though, Dokku starts it with the next restart or change of config.',
          },
          tone: 'bad',
          look: 'button',
        })
      : ''
  if (again === null) return ''
  const verb = isNotLive({ status }) ? 'Retry' : 'Redeploy'
  return action(frame, {
    verb,
    thing,
    label: verb,
    href: `${href}/redeploys`,
    command: again.command,
    ...(verb === 'Retry' && { tone: 'primary' }),
  })
}
