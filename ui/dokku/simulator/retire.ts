import type { App } from './app.ts'
import { die, kill, remove, stop } from './docker.ts'
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
  const now = world.clock.now()
  let next: number | null = null
  for (const container of world.state.containers()) {
    if (container.diesAt !== null && container.diesAt <= now) die(world, container, 0)
    if (container.stopAt !== null && container.stopAt <= now) {
      stop(world, container)
      remove(world, container)
      continue
    }
    for (const due of [container.diesAt, container.stopAt])
      if (due !== null && (next === null || due < next)) next = due
  }
  return next
}

/** Stops what runs of an app; its containers stay, as after ps:stop. */
export function stopAll(world: World, app: App): void {
  for (const container of world.state.containers(app.name))
    if (container.status === 'running') stop(world, container)
}

export function removeAll(world: World, app: App): void {
  stopAll(world, app)
  for (const container of world.state.containers(app.name)) remove(world, container)
}
