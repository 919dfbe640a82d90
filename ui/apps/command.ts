/** What can be asked of an app as a whole. Pure. */
import * as z from 'zod'
import { NewAppName } from '../dokku/names.ts'
import { App, appOf, SAFE, wholeApp } from '../jobs/app-kind.ts'
import { type Kind, kind } from '../jobs/kind.ts'

const NewName = z.string('write a name').trim().pipe(NewAppName)
/** `name`: the other one's. A form sends a ticked box as "on", and one that is not ticked not at all. */
const Pair = App.extend({
  name: NewName,
  skipDeploy: z.union([z.boolean(), z.literal('on').transform(() => true)]).default(false),
}).refine(({ app, name }) => app !== name, { path: ['name'], message: 'that is its name already' })

const unlessSkipped = ({ skipDeploy }: z.infer<typeof Pair>) => (skipDeploy ? ['--skip-deploy'] : [])

export const appKinds: readonly Kind[] = [
  kind({
    name: 'apps:create',
    payload: z.object({ name: NewName }),
    app: ({ name }) => name,
    command: ({ name }) => ['apps:create', name],
    priority: 'now',
  }),
  kind({
    name: 'apps:clone',
    payload: Pair,
    app: appOf,
    command: (pair) => ['apps:clone', ...unlessSkipped(pair), pair.app, pair.name],
  }),
  kind({
    name: 'apps:rename',
    payload: Pair,
    app: appOf,
    command: (pair) => ['apps:rename', ...unlessSkipped(pair), pair.app, pair.name],
  }),
  kind({
    name: 'apps:destroy',
    payload: App,
    app: appOf,
    command: ({ app }) => ['apps:destroy', app, '--force'],
  }),
  wholeApp('apps:lock', { priority: 'now', repeat: SAFE }),
  // Not one at a time with the app's other jobs: the one it frees may be what waits.
  kind({
    name: 'apps:unlock',
    payload: App,
    app: () => null,
    command: ({ app }) => ['apps:unlock', app],
    priority: 'now',
    repeat: SAFE,
  }),
]

/** Name of the app that a job makes, or makes of another. */
export function madeBy({
  kind,
  payload,
}: {
  readonly kind: string
  readonly payload: unknown
}): string | undefined {
  const isMaking = kind === 'apps:create' || kind === 'apps:clone' || kind === 'apps:rename'
  return isMaking ? z.object({ name: NewName }).safeParse(payload).data?.name : undefined
}
