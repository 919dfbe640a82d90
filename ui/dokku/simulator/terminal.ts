import { writeSync } from 'node:fs'
import type { World } from './world.ts'

/** Where a run of `dokku` speaks to: stream 1 is stdout, 2 stderr. */
export type Terminal = (stream: 1 | 2, bytes: Buffer) => void

export const processTerminal: Terminal = (stream, bytes) => writeAll(stream, bytes)
export const silence: Terminal = () => {}

/** git hands on what the other side says line by line, padded, on its own stderr. */
export const throughGit =
  (terminal: Terminal): Terminal =>
  (_, bytes) => {
    const lines = bytes.toString('latin1').replace(/\n$/, '').split('\n')
    const prefixed = lines.map((line) => (line === '' ? 'remote: \n' : `remote: ${line}        \n`))
    terminal(2, Buffer.from(prefixed.join(''), 'latin1'))
  }

/** A build says everything on stdout, and into its log as it was said. */
export function say(world: World, stream: 1 | 2, bytes: Buffer) {
  if (world.build === null) return world.terminal(stream, bytes)
  world.tee.write(world.build.log, bytes)
  world.terminal(1, bytes)
}

/** A pipe that nobody reads any more ends the process, as it ends a shell; a full one is waited for. */
function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      if (code === 'EPIPE') process.exit(141)
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
