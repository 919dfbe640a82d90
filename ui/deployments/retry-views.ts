/** Below the reason of a deployment that brought nothing: what to do where no command of Dokku does it once more. */
import { html } from 'hono/html'
import { appHref } from '../web/app-page.ts'
import { command, gitPush } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { lookup } from '../web/lookup.ts'
import type { Deployment } from './deployment.ts'
import { isNotLive } from './redeploy.ts'

export const nextStep = (
  frame: Frame,
  app: string,
  deployment: Pick<Deployment, 'kind' | 'status' | 'source'>,
): Html | '' => {
  if (deployment.kind !== 'build' || !isNotLive(deployment)) return ''
  const isPush = deployment.source === 'git-hook'
  // Whoever may push need not be an admin here.
  if (!isPush && frame.account?.role !== 'admin') return ''
  const text = isPush ? PUSH : (AGAIN.get(deployment.source) ?? AGAIN_UNKNOWN)
  const means = isPush
    ? command(gitPush(frame, app))
    : html`<a href="${appHref(app)}" class="button">Open ${app}</a>`
  return html`<section aria-label="What to do next" class="panel mb-5 flex flex-wrap items-center gap-x-4 gap-y-3 p-4">
<p class="min-w-0 flex-1 basis-72 text-[0.8125rem]">${text}</p>
${means}
</section>`
}

const PUSH = 'Git discards a push that Dokku refuses, so the server has nothing to build again. Push again:'
const AGAIN = lookup<string>({
  'git:from-archive': 'Dokku does not keep an archive whose deploy failed. Upload it again with Deploy.',
  'git:sync': 'The panel does not know which repository this came from. Name it again with Deploy.',
  'git:from-image': 'The panel does not know which image this was. Name it again with Deploy.',
})
const AGAIN_UNKNOWN = 'Dokku did not keep this code. Deploy it again with Deploy.'
