import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { killer, newService, type Service } from './panel.ts'
import { judge, newStage, type Outcome, type Stage, until } from './stage.ts'

/** One way to torment the intake, and what came of it. */
export interface Trial {
  readonly name: string
  run(options: { readonly events: number; readonly random: () => number }): Promise<Outcome & Told>
}

interface Told {
  /** Writers that had a hook fail or speak. */
  readonly felt: number
  readonly note: string
}

const WRITERS = 40
const APPS = Array.from({ length: WRITERS }, (_, index) => `app-${index + 1}`)

export const trials: readonly Trial[] = [
  {
    name: 'service absent, then 10,000 files waiting at its start',
    run: () =>
      staged(async (stage, service) => {
        const felt = await stage.write(APPS, 1, 250)
        const waiting = stage.waiting()
        const began = performance.now()
        await service.start()
        await until('all are taken', () => stage.waiting() === 0)
        const took = ((performance.now() - began) / 1000).toFixed(1)
        return {
          ...(await ended(stage, service, 250)),
          felt,
          note: `${waiting} waiting, taken ${took} s after start`,
        }
      }),
  },
  {
    name: 'service stopped (SIGSTOP) while hooks fire',
    run: () =>
      staged(async (stage, service) => {
        await service.start()
        let felt = await stage.write(APPS, 1, 20)
        service.signal('SIGSTOP')
        felt += await stage.write(APPS, 21, 100)
        const waiting = stage.waiting()
        service.signal('SIGCONT')
        await until('all are taken', () => stage.waiting() === 0)
        return { ...(await ended(stage, service, 100)), felt, note: `${waiting} waited` }
      }),
  },
  {
    name: 'service killed (SIGKILL) at random moments',
    run: ({ events, random }) =>
      staged(async (stage, service) => {
        const last = Math.ceil(events / WRITERS)
        await service.start()
        const stopKilling = killer(service, random)
        const began = performance.now()
        const felt = await stage.write(APPS, 1, last)
        const rate = ((last * WRITERS) / ((performance.now() - began) / 1000)).toFixed(0)
        const kills = await stopKilling()
        await until('all are taken', () => stage.waiting() === 0, 600_000)
        return { ...(await ended(stage, service, last)), felt, note: `${kills} kills, ${rate} hooks/s` }
      }),
  },
  {
    name: 'outbox deleted and made again while running',
    run: () =>
      staged(async (stage, service) => {
        await service.start()
        let felt = 0
        for (let round = 0; round < 4; round += 1) {
          felt += await stage.write(APPS, round * 25 + 1, round * 25 + 25)
          await until('all are taken', () => stage.waiting() === 0)
          rmSync(stage.outbox, { recursive: true })
          // Hooks fire into nothing meanwhile: these are of an app nobody counts.
          felt += await stage.write(['nobody'], 1, 20)
          mkdirSync(stage.outbox)
        }
        return { ...(await ended(stage, service, 100)), felt, note: '4 times' }
      }),
  },
]

/** Runs a trial on a server of its own and leaves nothing of it, unless it failed. */
async function staged<T>(work: (stage: Stage, service: Service) => Promise<T>): Promise<T> {
  const stage = newStage()
  const service = await newService(stage)
  try {
    const result = await work(stage, service)
    await service.kill()
    stage.clear()
    return result
  } catch (error) {
    await service.kill()
    if (existsSync(stage.folder)) console.error(`left for a look: ${stage.folder}`)
    throw error
  }
}

const ended = async (stage: Stage, service: Service, last: number): Promise<Outcome> => {
  await service.end()
  return judge(stage, APPS, last)
}
