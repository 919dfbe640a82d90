/** What can be asked of an app's processes. Pure. */
import * as z from 'zod'
import { AppName, ProcessName } from '../dokku/names.ts'
import { type Kind, kind } from '../jobs/kind.ts'

const App = z.object({ app: AppName })

/** Restarting, stopping and starting twice is what doing it once is; building again costs minutes. */
const SAFE = { times: 1, backoffMs: 0 }

export const processKinds: readonly Kind[] = [
  kind({
    name: 'ps:restart',
    payload: App.extend({ process: ProcessName.optional() }),
    app: ({ app }) => app,
    command: ({ app, process }) => ['ps:restart', app, ...(process === undefined ? [] : [process])],
    repeat: SAFE,
  }),
  kind({
    name: 'ps:rebuild',
    payload: App,
    app: ({ app }) => app,
    command: ({ app }) => ['ps:rebuild', app],
    repeat: SAFE,
  }),
  kind({
    name: 'ps:stop',
    payload: App,
    app: ({ app }) => app,
    command: ({ app }) => ['ps:stop', app],
    priority: 'now',
    repeat: SAFE,
  }),
  kind({
    name: 'ps:start',
    payload: App,
    app: ({ app }) => app,
    command: ({ app }) => ['ps:start', app],
    priority: 'now',
    repeat: SAFE,
  }),
]
