import { closeSync, existsSync, openSync, readSync, statSync, watch } from 'node:fs'
import type { Handler } from './dispatch.ts'
import { psLine } from './docker.ts'
import { settle } from './retire.ts'
import type { World } from './world.ts'

/** The slow timer behind the doorbell that `fs.watch` is; also what makes retired containers end in time. */
const LOOK_MS = 2_000

/** `dokkubase:containers [--follow]`: `docker ps` as JSON lines, then `docker events` as they come. */
export const containers: Handler = async (world, args) => {
  const offset = size(world)
  for (const container of world.state.containers().toReversed()) world.out(`${psLine(world, container)}\n`)
  if (args.includes('--follow')) await follow(world, offset)
}

function follow(world: World, offset: number): Promise<never> {
  let at = offset
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    clearTimeout(timer)
    const due = settle(world)
    at = copyFrom(world, at)
    const soon = due === null ? LOOK_MS : Math.max(20, Math.min(LOOK_MS, due - world.clock.now()))
    timer = setTimeout(look, soon)
  }
  // The folder, not the file: it may not be there yet, and it is replaced when the server is made anew.
  watch(world.place.root, (_, file) => {
    if (file === 'docker-events.jsonl') look()
  })
  look()
  return new Promise(() => {})
}

function copyFrom(world: World, from: number): number {
  const end = size(world)
  const start = end < from ? 0 : from
  if (end === start) return end
  const bytes = Buffer.alloc(end - start)
  const fd = openSync(world.place.dockerEvents, 'r')
  readSync(fd, bytes, 0, bytes.length, start)
  closeSync(fd)
  const whole = bytes.lastIndexOf(0x0a) + 1
  world.bytes(bytes.subarray(0, whole))
  return start + whole
}

const size = (world: World): number =>
  existsSync(world.place.dockerEvents) ? statSync(world.place.dockerEvents).size : 0
