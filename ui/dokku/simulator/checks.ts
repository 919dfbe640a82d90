import type { App } from './app.ts'
import type { Commands, Handler } from './dispatch.ts'
import { info } from './speech.ts'
import { appNamed } from './world.ts'

type List = 'disabled' | 'skipped'
const ALL = '_all_'

/** Two lists, reported as `none` where they are empty. */
export const commands: Commands = {
  'checks:enable': turn(null, (app) => `Enabling zero downtime for app's (${app})`, 'Enabling'),
  'checks:disable': turn('disabled', (app) => `Disabling zero downtime for app (${app})`, 'Disabling'),
  'checks:skip': turn('skipped', (app) => `Skipping zero downtime for app (${app})`, 'Skipping'),
}

function turn(into: List | null, whole: (app: string) => string, verb: string): Handler {
  return (world, args) => {
    const app = appNamed(world, args[0])
    const [, names = ALL] = args
    info(
      world,
      names === ALL ? whole(app.name) : `${verb} zero downtime for app's (${app.name}) proctypes (${names})`,
    )
    world.state.change(app.name, (changed) => {
      for (const list of ['disabled', 'skipped'] as const)
        write(changed, list, entries(changed, list, into, names))
    })
  }
}

function entries(app: App, list: List, into: List | null, names: string): readonly string[] {
  if (names === ALL) return list === into ? [ALL] : []
  const wanted = names.split(',')
  const before = (app.properties[`checks.${list}-list`] ?? '').split(',').filter((name) => name !== '')
  if (list !== into)
    return wanted.filter((name) => into === null || before.includes(name)).reduce(without, before)
  return [...before.filter((name) => name !== ALL), ...wanted.filter((name) => !before.includes(name))]
}

/** As Dokku does it: the letters go wherever they stand. */
const without = (list: readonly string[], name: string): readonly string[] =>
  list.map((entry) => entry.replaceAll(name, '')).filter((entry) => entry !== '')

const write = (app: App, list: List, names: readonly string[]): void => {
  app.properties[`checks.${list}-list`] = names.join(',')
}
