/** What can be asked of Dokku to deploy an app, and to end a deploy. Pure. */
import * as z from 'zod'
import { GitRef, GitUrl, ImageName, LocalGit } from '../dokku/names.ts'
import { App, appOf } from '../jobs/app-kind.ts'
import { type Kind, kind } from '../jobs/kind.ts'
import { ARCHIVES } from './archive.ts'

/** A field that is left empty is sent as "". */
const Ref = z.union([
  z
    .string()
    .trim()
    .length(0)
    .transform(() => undefined),
  GitRef,
])

/** Dokku's own way to end a deploy: it marks the record and takes the lock away. */
export const cancelBuild = (app: string) => ['builds:cancel', app] as const

const canceling = ({ app }: z.infer<typeof App>) => cancelBuild(app)

/** Dokku ends well though it found nothing to cancel; these are its words for it. */
export const NOTHING_TO_CANCEL: readonly (readonly [said: RegExp, reason: string])[] = [
  [
    /App not currently deploying$/,
    'Dokku found no deploy to cancel: none holds the lock of this app. It may just have ended; a restart takes no lock.',
  ],
  [
    /No matching app deploy found$/,
    'Dokku cannot tell which deploy holds the lock: a push that was refused meanwhile emptied the lock file. The deploy goes on.',
  ],
  [/Build \S+ is no longer running/, 'The deploy had ended by itself before it was canceled.'],
  [
    /No build record for \S+, removing stale lock file$/,
    'No deploy was running; Dokku took away a lock that one had left behind.',
  ],
]

/** Whether this means the server's own disk, which only its root may allow. */
export const isLocal = (url: string): boolean => /^\s*(?:file:|\/)/.test(url)
export const LOCAL_SWITCH = 'allow-local-git'
const Repository = z.unknown().transform((url, context) => {
  const read = (isLocal(String(url)) ? LocalGit : GitUrl).safeParse(url)
  if (read.success) return read.data
  for (const { message } of read.error.issues) context.addIssue(message)
  return z.NEVER
})

export const deploymentKinds: readonly Kind[] = [
  kind({
    name: 'git:sync',
    payload: App.extend({ url: Repository, ref: Ref.optional() }),
    app: appOf,
    command: ({ app, url, ref }) => ['git:sync', '--build', app, url, ...(ref === undefined ? [] : [ref])],
    canceling,
  }),
  kind({
    name: 'git:from-image',
    payload: App.extend({ image: ImageName }),
    app: appOf,
    command: ({ app, image }) => ['git:from-image', app, image],
    canceling,
  }),
  kind({
    name: 'git:from-archive',
    payload: App.extend({ type: z.enum(ARCHIVES) }),
    app: appOf,
    command: ({ app, type }) => ['git:from-archive', '--archive-type', type, app, '--'],
    input: 'file',
    canceling,
  }),
  // Not one at a time with the app's other jobs: what it is to end may be one of them.
  kind({
    name: 'builds:cancel',
    payload: App,
    app: () => null,
    command: canceling,
    priority: 'now',
    vain: NOTHING_TO_CANCEL,
  }),
]
