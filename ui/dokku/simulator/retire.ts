import type { App } from './app.ts'
import type { Container } from './container.ts'
import { crash, die, kill, remove, start, stop } from './docker.ts'
import type { World } from './world.ts'

/** Seconds an app needs to finish its requests after TERM; the others go at once. */
const GRACE: Readonly<Record<string, number>> = { rails: 6, gunicorn: 3, php: 2 }

/** Old containers get TERM at once and, where that isn't enough, are stopped after the app's wait-to-retire. */
export function retire(world: World, ids: readonly string[], waitSeconds: number): void {
  for (const id of ids) {
    // Read anew: it has been renamed since the deploy began.
    const container = world.state.container(id)
    if (container === null) continue
    kill(world, container, 15, world.clock.after(GRACE[container.voice] ?? 0))
    container.stopAt = world.clock.now() + world.clock.after(waitSeconds)
    world.state.saveContainer(container)
  }
}

/** Does what has fallen due since the last run of `dokku`: nothing of the simulator runs meanwhile. Gives the next due time. */
export function settle(world: World): number | null {
  const next = nextOf(world)
  if (!isDue(world, next)) return next
  // Whoever comes first does it: a follower and a command may find the same due.
  world.state.alone(() => settleAll(world))
  return nextOf(world)
}

const isDue = (world: World, at: number | null): boolean => at !== null && at <= world.clock.now()

function settleAll(world: World): void {
  for (const container of world.state.containers()) {
    if (isDue(world, container.diesAt)) die(world, container, 0)
    if (isDue(world, endsAt(container)) && container.fate !== null) crash(world, container, container.fate)
    if (isDue(world, container.restartsAt)) start(world, container)
    if (!isDue(world, container.stopAt)) continue
    stop(world, container)
    remove(world, container)
  }
}

/** When its process ends by itself next. */
const endsAt = ({ status, startedAt, fate }: Container): number | null =>
  fate === null || status !== 'running' ? null : startedAt + fate.afterMs

const nextOf = (world: World): number | null =>
  world.state
    .containers()
    .flatMap((container) => [container.diesAt, container.stopAt, container.restartsAt, endsAt(container)])
    .reduce<number | null>((next, at) => (at === null || (next !== null && next <= at) ? next : at), null)

/** Stops what runs of an app; its containers stay, as after ps:stop. */
export function stopAll(world: World, app: App): void {
  for (const container of world.state.containers(app.name))
    if (container.status === 'running' || container.status === 'restarting') stop(world, container)
}

export function removeAll(world: World, app: App): void {
  stopAll(world, app)
  for (const container of world.state.containers(app.name)) remove(world, container)
}
