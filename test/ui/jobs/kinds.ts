import * as z from 'zod'
import { kind } from '../../../ui/jobs/kind.ts'

const App = z.object({ app: z.string().regex(/^[a-z][a-z0-9-]*$/) })
const appOf = ({ app }: z.infer<typeof App>) => app
const Config = z.record(z.string(), z.string())

/** One that is safe to repeat, one that also repeats itself, one that is not, one with a secret, one nobody allows. */
export const KINDS = [
  kind({
    name: 'restart',
    payload: App,
    app: appOf,
    command: ({ app }) => ['ps:restart', app],
    repeat: { times: 1, backoffMs: 0 },
  }),
  kind({
    name: 'start',
    payload: App,
    app: appOf,
    command: ({ app }) => ['ps:start', app],
    repeat: { times: 3, backoffMs: 50 },
  }),
  kind({ name: 'rebuild', payload: App, app: appOf, command: ({ app }) => ['ps:rebuild', app] }),
  kind({
    name: 'config',
    payload: App,
    app: appOf,
    command: ({ app }) => ['config:import', '--format', 'json', app, '-'],
    input: {
      check: (text) => void Config.parse(JSON.parse(text)),
      secrets: (text) => Object.values(Config.parse(JSON.parse(text))),
    },
  }),
  kind({
    name: 'plugin',
    payload: z.object({}),
    app: () => null,
    command: () => ['plugin:install', 'https://example.com/x'],
  }),
]
