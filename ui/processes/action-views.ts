/** The buttons every page of an app has. */
import { type App, stateOf } from '../apps/app.ts'
import { type Action, action, actionRow } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'

/** Restart, rebuild, stop or start: what makes sense for an app in this state. */
export const processButtons = (frame: Frame, app: App): Html | '' => {
  const { name } = app
  const state = stateOf(app)
  // Also while it is deployed for the first time.
  if (app.state === 'not deployed') return ''
  const one = (verb: string, resource: string, command: string): Action => ({
    verb,
    thing: name,
    label: verb,
    href: appHref(name, resource),
    command: `dokku ${command} ${name}`,
  })
  if (state === 'stopped') return action(frame, { ...one('Start', 'starts', 'ps:start'), tone: 'primary' })
  return actionRow(frame, [
    one('Restart', 'restarts', 'ps:restart'),
    one('Rebuild', 'rebuilds', 'ps:rebuild'),
    {
      ...one('Stop', 'stops', 'ps:stop'),
      confirm: { text: 'Nobody is answered until it is started again. Nothing of it is lost.' },
    },
  ])
}
