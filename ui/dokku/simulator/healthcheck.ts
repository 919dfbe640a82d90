import type { App } from './app.ts'
import { type Container, dynoOf, shortId } from './container.ts'
import { die, stop } from './docker.ts'
import { headline, info, verbose, warn } from './speech.ts'
import { voiceOf } from './voices.ts'
import type { World } from './world.ts'

/** Only docker-container-healthchecker speaks in colour, also into a pipe. */
const RED_MARK = '\u001b[1m\u001b[31m !     \u001b[0m\u001b[0m'

/** Runs an app's checks on a new container and prints what it said. False: the container failed them. */
export async function runChecks(
  world: World,
  app: App,
  container: Container,
  port: string,
): Promise<boolean> {
  const checks = (app.source?.healthchecks ?? []).filter(
    (check) => check.processType === container.processType,
  )
  const web = container.processType === 'web'
  const count = checks.length + Number(web) || 1
  info(world, `Executing ${count} healthchecks`)
  if (web)
    verbose(
      world,
      `Running healthcheck name='port listening check' attempts=3 port=${port} retries=2 timeout=5 type='listening' wait=5`,
    )
  for (const { name, path, attempts = 3, timeout = 5 } of checks)
    verbose(
      world,
      `Running healthcheck name='${name}' delay=0 path='${path}' retries=${attempts - 1} timeout=${timeout} type='path'`,
    )
  if (!web && checks.length === 0) {
    verbose(world, "Running healthcheck name='default' type='uptime' uptime=10")
    await world.clock.wait(10)
    verbose(world, "Healthcheck succeeded name='default'")
  } else if (web && world.faults.has('crash')) return await crashed(world, app, container, checks[0])
  else if (web && world.faults.has('healthcheck')) return await unhealthy(world, app, container, checks[0])
  for (const { name } of checks) verbose(world, `Healthcheck succeeded name='${name}'`)
  await world.clock.wait(0.02)
  if (web) verbose(world, "Healthcheck succeeded name='port listening check'")
  verbose(world, `All checks successful (${dynoOf(container)})`)
  containerOutput(world, app, container, voiceOf(container.voice).firstWords(world.clock.now()))
  return true
}

type Check = { readonly name: string; readonly path: string } | undefined

async function unhealthy(world: World, app: App, container: Container, check: Check): Promise<false> {
  verbose(world, "Healthcheck succeeded name='port listening check'")
  await world.clock.wait(3.4)
  headline(world, 'Start healthcheck output')
  verbose(world, 'not ok')
  headline(world, 'End healthcheck output')
  world.out(`${RED_MARK}Failure in name='${check?.name ?? 'web check'}': unexpected status code: 500\n`)
  const asked = [0, 1570, 3430].map(
    (after) => `${new Date(world.clock.now() - 3430 + after).toISOString()} GET /healthz`,
  )
  return failed(world, app, container, ['listening on 5000', ...asked, 'SIGTERM, bye'])
}

async function crashed(world: World, app: App, container: Container, check: Check): Promise<false> {
  await world.clock.wait(11.8)
  const url = `http://${container.ip}:${container.port ?? 5000}${check?.path ?? '/'}`
  const what = `Get "${url}": context deadline exceeded`
  world.out(`${RED_MARK}Failure in name='${check?.name ?? 'web check'}': ${what}\n`)
  die(world, container, 1)
  await world.clock.wait(3.3)
  world.out(`${RED_MARK}Failure in name='port listening check': container state is not running\n`)
  return failed(world, app, container, [])
}

function failed(world: World, app: App, container: Container, said: readonly string[]): false {
  stop(world, container)
  world.out(`${container.id}\n`)
  warn(world, `Could not start due to 1 failed checks (${dynoOf(container)})`)
  containerOutput(world, app, container, said)
  containerOutput(world, app, container, said)
  return false
}

/** What the container has said by now, printed by Dokku after its checks (twice when they failed). */
function containerOutput(world: World, app: App, container: Container, said: readonly string[]): void {
  const named = `${app.name} container output (${shortId(container.id)} ${dynoOf(container)})`
  headline(world, `Start of ${named}`)
  for (const line of said) verbose(world, line)
  headline(world, `End of ${named}`)
}
