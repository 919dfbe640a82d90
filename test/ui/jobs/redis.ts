/** A Redis of the test's own, on a socket in a folder of its own. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

/**
 * Debian's redis-server is a link in a package of that name, which also starts a daemon; the program itself comes with
 * redis-tools and is told by its name what to be.
 */
const PROGRAM = '/usr/bin/redis-check-rdb'

export async function startRedis(folder: string) {
  const socket = join(folder, 'redis.sock')
  const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder]
  // A clock that is moved by a library of the loader's keeps Redis from starting.
  const { LD_PRELOAD: _, ...env } = process.env
  const child = spawn(PROGRAM, options, { argv0: 'redis-server', stdio: 'ignore', env })
  const over = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve())
  })
  over.catch(() => {})
  while (!existsSync(socket)) {
    if (child.exitCode !== null) throw new Error(`${PROGRAM} of Debian's redis-tools did not start`)
    await sleep(20)
  }
  return {
    /** For REDIS_URL. */
    url: socket,
    /** Empties it. */
    async forget() {
      const connection = new Redis(socket)
      await connection.flushall()
      await connection.quit()
    },
    async stop() {
      child.kill('SIGKILL')
      await over
    },
  }
}
