import { parse } from 'shell-quote'
import { cronId } from '../cron-id.ts'
import type { App } from './app.ts'
import type { Commands } from './dispatch.ts'
import { goJson } from './go.ts'
import { parseOptions } from './options.ts'
import { report } from './report.ts'
import { runOnce } from './run.ts'
import { columns, info, quietHeadline } from './speech.ts'
import { appNamed, refuse, type World } from './world.ts'

const HEADER = ['ID', 'Schedule', 'Concurrency', 'Maintenance', 'Command']

export const commands: Commands = {
  'cron:list'(world, args) {
    const { flags, values, rest } = parseOptions('cron:list', args, { flags: ['global'], values: ['format'] })
    const tasks = flags.has('global') ? [] : tasksOf(appNamed(world, rest[0]))
    if (values.format === 'json') return world.out(`${goJson(tasks)}\n`)
    const rows = tasks.map((task) => [
      task.id,
      task.schedule,
      task.concurrency_policy,
      task.maintenance ? 'true (task)' : 'false',
      task.command,
    ])
    world.out(columns([HEADER, ...rows]))
  },
  async 'cron:run'(world, args) {
    const app = appNamed(world, args[0])
    const task = tasksOf(app).find(({ id }) => id === args[1])
    if (task === undefined)
      throw refuse(
        `No matching Cron ID found. Please specify a Cron ID from the output of 'dokku cron:list ${app.name}'`,
      )
    // Only the trigger is told with what it ended.
    return Math.min(1, await runOnce(world, app, wordsOf(task.command), task.id))
  },
  'cron:suspend': (world, args) => suspend(world, args, 'true'),
  'cron:resume': (world, args) => suspend(world, args, ''),
  'cron:report': report('cron'),
}

/** As `cron:set APP maintenance.ID`. */
function suspend(world: World, [name, id = '']: readonly string[], value: string): void {
  const app = appNamed(world, name)
  if (!tasksOf(app).some((task) => task.id === id))
    throw refuse(`Invalid task maintenance property, no matching task ID found: maintenance.${id}`)
  quietHeadline(world, value === '' ? `Unsetting maintenance.${id}` : `Setting maintenance.${id} to ${value}`)
  world.state.change(app.name, (changed) => {
    changed.suspendedCron = [
      ...changed.suspendedCron.filter((one) => one !== id),
      ...(value === '' ? [] : [id]),
    ]
  })
  world.fire('scheduler-cron-write', 'docker-local', app.name)
  info(world, 'Updated schedule file')
}

function tasksOf(app: App) {
  const cron = app.deployed ? (app.source?.cron ?? []) : []
  return cron.map(({ command, schedule }) => {
    const id = cronId(app.name, { command, schedule })
    const suspended = app.suspendedCron.includes(id)
    return {
      id,
      app: app.name,
      command,
      schedule,
      concurrency_policy: 'allow',
      'app-in-maintenance': false,
      'task-in-maintenance': suspended,
      maintenance: suspended,
    }
  })
}

/** Without what only a shell would act on. */
const wordsOf = (command: string): string[] =>
  parse(command, () => '').filter((word) => typeof word === 'string')
