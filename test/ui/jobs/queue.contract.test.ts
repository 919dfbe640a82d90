/** What a queue promises, whichever driver keeps it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import type { Outcome } from '../../../ui/jobs/job.ts'
import { CANCELED, HANDED_OVER, type Queue, type QueueOptions, type Turn } from '../../../ui/jobs/queue.ts'
import { jobRows, type NewJob } from '../../../ui/jobs/rows.ts'
import { nextTimeOf, schedules } from '../../../ui/jobs/schedules.ts'
import { type JobRow, jobs } from '../../../ui/jobs/table.ts'
import { eventually } from '../../patience.ts'
import { DRIVERS, FAILED, newJob, openQueue, SUCCEEDED } from './drivers.ts'
import { startRedis } from './redis.ts'

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))
/** Longer than a busy machine lets a process wait for its turn, shorter than a test's patience. */
const LEASE_MS = 1500

describe.each(DRIVERS)('jobs by %s', (driver) => {
  let folder: string
  let redis: Awaited<ReturnType<typeof startRedis>>
  let place: string
  let db: Database
  let queue: Queue | undefined
  let children: ChildProcess[]
  let changed: JobRow[]
  let errors: unknown[]

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dokkubase-redis-'))
    redis = await startRedis(folder)
  })
  afterAll(async () => {
    await redis.stop()
    rmSync(folder, { recursive: true })
  })
  beforeEach(async () => {
    await redis.forget()
    place = mkdtempSync(join(tmpdir(), 'dokkubase-jobs-'))
    db = openDatabase(join(place, 'dokkubase.db'))
    writeFileSync(join(place, 'diary'), '')
    children = []
    changed = []
    errors = []
  })
  afterEach(async () => {
    await queue?.close()
    queue = undefined
    for (const child of children) await ended(child, 'SIGKILL')
    db.$client.close()
    rmSync(place, { recursive: true })
  })

  const open = async (work: QueueOptions['work'], options: Partial<QueueOptions> = {}): Promise<Queue> => {
    queue = await openQueue(driver, db, redis.url, {
      work,
      due: () => {},
      onChanged: (rows) => changed.push(...rows),
      onError: (error) => errors.push(error),
      leaseMs: LEASE_MS,
      ...options,
    })
    await queue.start()
    return queue
  }
  const ask = async (...all: Partial<NewJob>[]): Promise<JobRow[]> => {
    const rows = jobRows(db).add(all.map(newJob), Date.now())
    await queue?.offer(rows)
    return rows
  }
  const row = (id = 1): JobRow => {
    const found = jobRows(db).find(id)
    if (found === undefined) throw new Error(`there is no job ${id}`)
    return found
  }
  const stateOf = (id = 1) => row(id).state
  const over = (...ids: number[]) =>
    eventually(() => {
      for (const id of ids) expect([id, row(id).endedAt]).not.toEqual([id, null])
    })

  /** A work that goes on until it is told to go on: `let go` of one, or of all. */
  const held = () => {
    const begun: Turn[] = []
    const release = new Map<number, (outcome: Outcome | null) => void>()
    return {
      begun,
      ids: () => begun.map(({ job }) => job.id),
      work: (turn: Turn) =>
        new Promise<Outcome | null>((resolve) => {
          begun.push(turn)
          release.set(turn.job.id, resolve)
        }),
      letGo: (id: number, outcome: Outcome | null = SUCCEEDED) => release.get(id)?.(outcome),
    }
  }

  const diary = () =>
    readFileSync(join(place, 'diary'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' '))
  const said = (word: string) => diary().filter(([, what]) => what === word)
  const service = async (leaseMs = LEASE_MS, concurrency = 6): Promise<ChildProcess> => {
    const file = join(place, 'dokkubase.db')
    const child = spawn(
      process.execPath,
      [WORKER, driver, file, redis.url, join(place, 'diary'), String(leaseMs), String(concurrency)],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    children.push(child)
    await eventually(() => expect(said('ready').map(([pid]) => pid)).toContain(String(child.pid)))
    return child
  }

  test('a job runs, and its row says by whom, since when, until when and how it ended', async () => {
    await open(async ({ job }) => {
      expect(job).toMatchObject({ state: 'running', attempts: 1, payload: { app: 'blog' }, who: 'ada' })
      return { state: 'failed', exitCode: 15, reason: 'Dokku said no' }
    })
    const [asked] = await ask({})
    expect(asked).toMatchObject({ id: 1, state: 'waiting', attempts: 0, endedAt: null })
    await over(1)
    expect(row()).toMatchObject({ state: 'failed', exitCode: 15, reason: 'Dokku said no', leaseUntil: null })
    expect(row().endedAt).toBeGreaterThanOrEqual(row().startedAt ?? Number.NaN)
    expect(changed.map(({ state }) => state)).toEqual(['running', 'failed'])
    expect(errors).toEqual([])
  })

  test('what was asked for while no service ran is done when one does', async () => {
    await ask({ app: 'blog' }, { app: 'shop' })
    await open(async () => SUCCEEDED)
    await over(1, 2)
    expect([stateOf(1), stateOf(2)]).toEqual(['succeeded', 'succeeded'])
  })

  test('of the jobs that wait the more urgent runs first, and among equals the one asked for first', async () => {
    const order: number[] = []
    const { work, letGo, begun } = held()
    await open((turn) => (turn.job.kind === 'gate' ? work(turn) : done(order, turn)), { concurrency: 1 })
    await ask({ kind: 'gate', app: 'first' })
    await eventually(() => expect(begun).toHaveLength(1))
    await ask(
      { app: 'a', priority: 10 },
      { app: 'b', priority: 100 },
      { app: 'c', priority: 1 },
      { app: 'd', priority: 10 },
    )
    letGo(1)
    await over(2, 3, 4, 5)
    expect(order).toEqual([4, 2, 5, 3])
  })

  test('one app gets its jobs in order, the urgent one before those that wait', async () => {
    const order: number[] = []
    const { work, letGo, begun } = held()
    await open((turn) => (turn.job.kind === 'gate' ? work(turn) : done(order, turn)))
    await ask({ kind: 'gate' })
    await eventually(() => expect(begun).toHaveLength(1))
    await ask({}, {}, { priority: 1 }, {})
    letGo(1)
    await over(2, 3, 4, 5)
    expect(order).toEqual([4, 2, 3, 5])
  })

  test('at most one job of an app runs, jobs of several apps do at once, and never more than so many', async () => {
    const now = new Map<string | null, number>()
    let most = 0
    let total = 0
    let full = () => {}
    const threeRun = new Promise<void>((resolve) => {
      full = resolve
    })
    await open(
      async ({ job }) => {
        now.set(job.app, (now.get(job.app) ?? 0) + 1)
        total += 1
        most = Math.max(most, total)
        expect(now.get(job.app)).toBe(1)
        if (total === 3) full()
        await threeRun
        await sleep(15)
        now.set(job.app, 0)
        total -= 1
        return SUCCEEDED
      },
      { concurrency: 3 },
    )
    const apps = ['blog', 'shop', 'api', null, 'wiki']
    await ask(...Array.from({ length: 30 }, (_, index) => ({ app: apps[index % 5] ?? null })))
    await over(...Array.from({ length: 30 }, (_, index) => index + 1))
    expect(most).toBe(3)
    expect(errors).toEqual([])
    expect(new Set(Array.from({ length: 30 }, (_, index) => stateOf(index + 1)))).toEqual(
      new Set(['succeeded']),
    )
  })

  test('a clone waits for its source and for the app of its name, and then keeps both to itself', async () => {
    const { work, letGo, ids } = held()
    const [blog, copy, shop] = [{ app: 'blog' }, { app: 'blog-2' }, { app: 'shop' }]
    await open(work)
    await ask(blog, copy, { kind: 'apps:clone', app: 'blog', payload: { app: 'blog', name: ' blog-2 ' } })
    await eventually(() => expect(ids().toSorted()).toEqual([1, 2]))
    await ask(copy, blog, shop)
    await eventually(() => expect(ids()).toContain(6))
    letGo(1)
    await over(1)
    await sleep(200)
    expect(ids()).toHaveLength(3)
    letGo(2)
    await eventually(() => expect(ids()).toContain(3))
    await sleep(200)
    expect(ids()).toHaveLength(4)
    letGo(3)
    await eventually(() => expect(ids().slice(4).toSorted()).toEqual([4, 5]))
    for (const id of [4, 5, 6]) letGo(id)
    await over(4, 5, 6)
  })

  test('two renames that have one name in common run one after the other', async () => {
    const { work, letGo, ids } = held()
    const rename = (app: string, name: string) => ({ kind: 'apps:rename', app, payload: { app, name } })
    await open(work)
    await ask(rename('blog', 'site'), rename('shop', 'site'), rename('site', 'home'), rename('wiki', 'docs'))
    for (const [id, begun] of [
      [1, [1, 4]],
      [2, [1, 2, 4]],
      [3, [1, 2, 3, 4]],
    ] as const) {
      await eventually(() => expect(ids().toSorted()).toEqual(begun))
      await sleep(100)
      expect(ids().toSorted()).toEqual(begun)
      letGo(id)
      await over(id)
    }
    letGo(4)
    await over(4)
  })

  test('a delayed job waits for its time and then runs', async () => {
    await open(async () => SUCCEEDED)
    const runAt = Date.now() + 400
    const [later] = await ask({ runAt }, { app: 'shop' })
    expect(later?.state).toBe('delayed')
    await over(1, 2)
    expect(row(1).startedAt).toBeGreaterThanOrEqual(runAt)
  })

  test('a delayed job does not hold up its app', async () => {
    await open(async () => SUCCEEDED)
    await ask({ runAt: Date.now() + 60_000 }, {})
    await over(2)
    expect(stateOf(1)).toBe('delayed')
  })

  test('a command that is safe to repeat is tried again, each time after twice the wait', async () => {
    const tries: number[] = []
    await open(async ({ job }) => {
      tries.push(Date.now())
      expect(job.attempts).toBe(tries.length)
      return tries.length < 3 ? FAILED : SUCCEEDED
    })
    await ask({ mostAttempts: 3, backoffMs: 200 })
    await over(1)
    expect(row()).toMatchObject({ state: 'succeeded', attempts: 3, reason: '' })
    expect(changed).toContainEqual(expect.objectContaining({ state: 'delayed', reason: 'it said no' }))
    const [first = 0, second = 0, third = 0] = tries
    expect(second - first).toBeGreaterThanOrEqual(200)
    expect(third - second).toBeGreaterThanOrEqual(400)
  })

  test('it is tried so many times and no more', async () => {
    let tries = 0
    await open(async () => {
      tries += 1
      return FAILED
    })
    await ask({ mostAttempts: 2, backoffMs: 10 })
    await over(1)
    await sleep(200)
    expect([stateOf(), tries]).toEqual(['failed', 2])
  })

  test('a command that is not safe to repeat is not, whatever happens', async () => {
    let tries = 0
    await open(async () => {
      tries += 1
      throw new Error('it broke')
    })
    await ask({})
    await over(1)
    await sleep(200)
    expect(row()).toMatchObject({ state: 'failed', reason: 'it broke', attempts: 1 })
    expect(tries).toBe(1)
  })

  test('what was canceled or interrupted is not tried again', async () => {
    await open(async ({ job }) => ({
      state: job.app === 'blog' ? 'canceled' : 'interrupted',
      exitCode: null,
      reason: '',
    }))
    await ask({ mostAttempts: 3 }, { app: 'shop', mostAttempts: 3 })
    await over(1, 2)
    expect([stateOf(1), stateOf(2)]).toEqual(['canceled', 'interrupted'])
  })

  test('how far a job has come is in its row while it runs', async () => {
    const { work, begun, letGo } = held()
    await open(work)
    await ask({})
    await eventually(() => expect(begun).toHaveLength(1))
    begun[0]?.progress('build 4/5')
    expect(row().progress).toBe('build 4/5')
    expect(changed.at(-1)).toMatchObject({ progress: 'build 4/5' })
    letGo(1)
    await over(1)
  })

  test('a waiting and a delayed job that are canceled never run', async () => {
    const { work, begun, ids, letGo } = held()
    const on = await open(work)
    await ask({}, {}, { runAt: Date.now() + 300 }, {})
    await eventually(() => expect(begun).toHaveLength(1))
    expect(await on.cancel(2, 'vera')).toBe(true)
    expect(await on.cancel(3, 'vera')).toBe(true)
    expect(row(2)).toMatchObject({ state: 'canceled', canceledBy: 'vera', attempts: 0 })
    letGo(1)
    await eventually(() => expect(ids()).toEqual([1, 4]))
    await sleep(400)
    letGo(4)
    await over(1, 2, 3, 4)
    expect(ids()).toEqual([1, 4])
  })

  test('a running job is told to end, and what it says of that is its end', async () => {
    const on = await open(
      ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            expect(signal.reason).toBe(CANCELED)
            resolve({ state: 'canceled', exitCode: 143, reason: '' })
          })
        }),
    )
    await ask({ mostAttempts: 3 })
    await eventually(() => expect(stateOf()).toBe('running'))
    await eventually(() => expect(on.running()).toBe(1))
    expect(await on.cancel(1, 'vera')).toBe(true)
    await over(1)
    expect(row()).toMatchObject({ state: 'canceled', canceledBy: 'vera', exitCode: 143 })
    expect(await on.cancel(1, 'vera')).toBe(false)
    expect(await on.cancel(77, 'vera')).toBe(false)
  })

  test('a schedule asks at its times, and no longer once it is taken away', async () => {
    const asked: number[] = []
    const on = await open(async () => SUCCEEDED, { due: () => asked.push(Date.now()) })
    const pattern = '* * * * * *'
    const nextAt = nextTimeOf(pattern, Date.now()) ?? 0
    schedules(db).put({ name: 'renew', pattern, kind: 'x', payload: {}, accountId: 1, who: 'ada', nextAt })
    await on.schedule('renew', pattern)
    await eventually(() => expect(asked.length).toBeGreaterThanOrEqual(2))
    expect(schedules(db).named('renew')?.nextAt).toBeGreaterThan(asked[1] ?? Number.NaN)
    schedules(db).remove('renew')
    await on.unschedule('renew')
    const count = asked.length
    await sleep(3500)
    // One may have been on its way
    expect(asked.length).toBeLessThanOrEqual(count + 1)
  })

  test('a service that closes hands over what goes on without it, and the next one takes it up at once', async () => {
    const { signal } = await new Promise<Turn>((resolve, reject) => {
      open(
        (turn) =>
          new Promise((end) => {
            turn.signal.addEventListener('abort', () => end(null))
            resolve(turn)
          }),
      )
        .then(() => ask({}, {}))
        .catch(reject)
    })
    await queue?.close()
    expect(signal.reason).toBe(HANDED_OVER)
    expect([stateOf(1), stateOf(2)]).toEqual(['running', 'waiting'])
    const turns: [number, boolean][] = []
    await open(async ({ job, takenUp }) => {
      turns.push([job.id, takenUp])
      return SUCCEEDED
    })
    await over(1, 2)
    expect(turns).toEqual([
      [1, true],
      [2, false],
    ])
    expect(row(1).attempts).toBe(1)
  })

  test('a service that closes waits for what cannot be handed over', async () => {
    const on = await open(async () => {
      await sleep(300)
      return SUCCEEDED
    })
    await ask({})
    await eventually(() => expect(stateOf()).toBe('running'))
    await on.close()
    expect(stateOf()).toBe('succeeded')
  })

  test('a killed service leaves its jobs to the next one, which is told that they had begun', async () => {
    const killed = await service()
    await ask(
      { app: 'blog', payload: 60_000 },
      { app: 'blog', payload: 10 },
      { app: 'shop', payload: 60_000 },
    )
    await tellOthers()
    await eventually(() => expect(said('begin')).toHaveLength(2))
    await ended(killed, 'SIGKILL')
    expect([stateOf(1), stateOf(2), stateOf(3)]).toEqual(['running', 'waiting', 'running'])
    await service()
    await over(1, 2, 3)
    expect([stateOf(1), stateOf(2), stateOf(3)]).toEqual(['interrupted', 'succeeded', 'interrupted'])
    expect(row(1).reason).toBe('its service was killed')
    expect(said('again').map(([, , id]) => id)).toEqual(['1', '3'])
  })

  test('a worker that says nothing for too long loses its job, and what it says later is not written', async () => {
    const killed = await service()
    const go = join(place, 'go')
    await ask({ payload: go })
    await tellOthers()
    await eventually(() => expect(said('begin')).toHaveLength(1))
    killed.kill('SIGSTOP')
    await service()
    await over(1)
    expect(stateOf()).toBe('interrupted')
    writeFileSync(go, '')
    killed.kill('SIGCONT')
    await eventually(() => expect(said('end')).toHaveLength(1))
    await sleep(200)
    expect(stateOf()).toBe('interrupted')
  })

  test('two services at one queue never run one job twice, nor two jobs of one app at once', async () => {
    // A service notices what others asked for within a third of its lease.
    await Promise.all([service(15_000, 3), service(15_000, 3)])
    const go = join(place, 'go')
    const count = 60
    await ask(
      ...Array.from({ length: count }, (_, index) => ({
        app: ['blog', 'shop', 'api', 'wiki', 'chat', 'mail'][index % 6] ?? null,
        // Neither can begin the first six alone.
        payload: index < 6 ? go : 50,
      })),
    )
    await tellOthers()
    await eventually(() => expect(said('begin')).toHaveLength(6))
    writeFileSync(go, '')
    await eventually(() => expect(said('end')).toHaveLength(count))
    expect(new Set(said('begin').map(([, , id]) => id)).size).toBe(count)
    expect(said('begin')).toHaveLength(count)
    expect(new Set(said('begin').map(([pid]) => pid)).size).toBe(2)
    const running = new Set<string>()
    for (const [, what, , app = ''] of diary().filter(([, what]) => what === 'begin' || what === 'end')) {
      if (what === 'begin') expect(running.has(app)).toBe(false)
      if (what === 'begin') running.add(app)
      else running.delete(app)
    }
  })

  /** Of jobs that were asked for by a process that does not work itself. */
  async function tellOthers(): Promise<void> {
    const asking = await openQueue(driver, db, redis.url, { work: async () => null, due: () => {} })
    await asking.offer(db.select().from(jobs).all())
    await asking.close()
  }
})

const done = async (order: number[], { job }: Turn): Promise<Outcome> => {
  order.push(job.id)
  return SUCCEEDED
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGCONT')
    child.kill(signal)
  })
}
