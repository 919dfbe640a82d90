import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pause, REPO, type Stage, until } from './stage.ts'

/** The real panel as its own process, to be stopped and killed at will. */
export interface Service {
  start(): Promise<void>
  /** Starts it and does not wait until it answers. */
  begin(): void
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
  kill(): Promise<void>
  /** Asks it to end and waits until it has. */
  end(): Promise<void>
}

export async function newService(stage: Stage): Promise<Service> {
  const port = await freePort()
  let child: ChildProcess | undefined

  const begin = () => {
    const log = openSync(join(stage.folder, 'service.log'), 'a')
    child = spawn(process.execPath, [`${REPO}ui/main.ts`], {
      env: {
        PATH: process.env.PATH,
        HOME: stage.folder,
        PORT: String(port),
        DOKKUBASE_DATA: stage.data,
        DOKKUBASE_OUTBOX: stage.outbox,
        DOKKUBASE_LOG_LEVEL: 'warn',
        DOKKU: stage.dokku,
        DOKKU_LIB_ROOT: stage.lib,
      },
      stdio: ['ignore', log, log],
    })
    closeSync(log)
  }
  const ended = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ending = child
    child = undefined
    if (ending === undefined || ending.exitCode !== null) return
    const exit = once(ending, 'exit')
    ending.kill(signal)
    await exit
  }
  const answers = async () => {
    if (child?.exitCode != null) throw new Error(`the panel ended, see ${stage.folder}/service.log`)
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined)
    return answer?.ok ?? false
  }

  return {
    begin,
    async start() {
      begin()
      await until('the panel answers', answers)
    },
    signal: (signal) => void child?.kill(signal),
    kill: () => ended('SIGKILL'),
    end: () => ended('SIGTERM'),
  }
}

/** Kills the panel and starts it again, at random moments, until told to stop. Resolves to how often. */
export function killer(service: Service, random: () => number) {
  let going = true
  const work = async () => {
    let kills = 0
    while (going) {
      await pause(50 + random() * 3000)
      if (!going) break
      await service.kill()
      kills += 1
      service.begin()
    }
    return kills
  }
  const working = work()
  return async () => {
    going = false
    return working
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
