import { expect, test } from 'vitest'
import { accounts, oneTimeTokens, sessions } from '../../ui/accounts/table.ts'
import { audit } from '../../ui/audit/table.ts'
import { openDatabase } from '../../ui/database/database.ts'
import { deployments } from '../../ui/deployments/table.ts'
import { events } from '../../ui/events/table.ts'
import { jobOutputChunks, jobOutputs, jobs } from '../../ui/jobs/table.ts'
import { logChunks, logs } from '../../ui/logs/table.ts'
import { retention } from '../../ui/retention.ts'
import { readSettings } from '../../ui/settings.ts'

const DAY = 24 * 60 * 60 * 1000
const NOW = Date.UTC(2026, 10, 3, 12)

const opened = (env: Record<string, string> = {}) => {
  const db = openDatabase(':memory:')
  db.insert(accounts).values({ name: 'ada', role: 'admin', passwordHash: '', createdAt: 0 }).run()
  const fail = (error: unknown) => {
    throw error
  }
  return { db, ...retention({ db, settings: readSettings(env), clock: () => NOW, onError: fail }) }
}

const act = (action: string, daysAgo: number) => ({
  at: NOW - daysAgo * DAY,
  who: 'ada',
  action,
  ip: '',
  userAgent: '',
})
const token = (tokenHash: string, expiredDaysAgo: number, usedDaysAgo: number | null = null) => ({
  tokenHash,
  purpose: 'sign-in' as const,
  createdAt: NOW - 500 * DAY,
  expiresAt: NOW - expiredDaysAgo * DAY,
  usedAt: usedDaysAgo === null ? null : NOW - usedDaysAgo * DAY,
})
const session = (tokenHash: string, expiresInDays: number, seenDaysAgo: number) => ({
  tokenHash,
  accountId: 1,
  createdAt: NOW - 500 * DAY,
  lastSeenAt: NOW - seenDaysAgo * DAY,
  expiresAt: NOW + expiresInDays * DAY,
  ip: '',
  userAgent: '',
})

test('old acts, links and ended sessions go; new ones and those that still work stay', async () => {
  const { db, prune } = opened()
  db.insert(audit)
    .values([act('signed in', 401), act('signed out', 399)])
    .run()
  db.insert(oneTimeTokens)
    .values([
      token('expired long ago', 31),
      token('used long ago', 40, 41),
      token('used', 28, 29),
      token('open', -1),
    ])
    .run()
  db.insert(sessions)
    .values([
      session('over long ago', -31, 32),
      session('idle long ago', 5, 38),
      session('over', -1, 8),
      session('used', 9, 1),
    ])
    .run()
  expect(await prune()).toBe(5)
  expect(
    db
      .select()
      .from(audit)
      .all()
      .map(({ action }) => action),
  ).toEqual(['signed out'])
  expect(
    db
      .select()
      .from(oneTimeTokens)
      .all()
      .map(({ tokenHash }) => tokenHash),
  ).toEqual(['used', 'open'])
  expect(
    db
      .select()
      .from(sessions)
      .all()
      .map(({ tokenHash }) => tokenHash),
  ).toEqual(['over', 'used'])
  expect(await prune()).toBe(0)
})

test('the settings say for how long', async () => {
  const { db, prune } = opened({ DOKKUBASE_AUDIT_DAYS: '30', DOKKUBASE_SIGN_IN_DAYS: '2' })
  db.insert(audit)
    .values([act('signed in', 31), act('signed out', 29)])
    .run()
  db.insert(oneTimeTokens)
    .values([token('expired', 3), token('just expired', 1)])
    .run()
  expect(await prune()).toBe(2)
  expect(() => readSettings({ DOKKUBASE_AUDIT_DAYS: '0' })).toThrow('DOKKUBASE_AUDIT_DAYS')
})

test('thousands go in pieces, and what else waits gets its turn between two', async () => {
  const { db, prune } = opened()
  db.transaction((tx) => {
    for (let row = 0; row < 3500; row += 1) tx.insert(audit).values(act('signed in', 500)).run()
  })
  let turns = 0
  const counting = setInterval(() => {
    turns += 1
  }, 0)
  expect(await prune()).toBe(3500)
  clearInterval(counting)
  expect(turns).toBeGreaterThan(1)
})

test('old jobs go with their output, and so do those beyond the number kept; what is not over stays', async () => {
  const { db, prune } = opened({ DOKKUBASE_JOB_DAYS: '90', DOKKUBASE_JOBS_KEPT: '3' })
  const job = (endedDaysAgo: number | null) => ({
    kind: 'restart',
    who: 'ada',
    payload: {},
    command: 'dokku ps:restart blog',
    priority: 10,
    runAt: 0,
    queuedAt: 0,
    token: 'a',
    state: endedDaysAgo === null ? ('running' as const) : ('failed' as const),
    endedAt: endedDaysAgo === null ? null : NOW - endedDaysAgo * DAY,
  })
  db.insert(jobs).values([null, 1, 2, 91, 1, 1].map(job)).run()
  for (const of of [1, 2, 4, 5]) {
    db.insert(jobOutputs).values({ of }).run()
    db.insert(jobOutputChunks)
      .values({ of, firstLine: 1, lines: 1, rawBytes: 2, times: [], data: Buffer.from('x') })
      .run()
  }
  // The third by number, the fourth by its age, and the running one is not over.
  await prune()
  expect(db.select({ id: jobs.id }).from(jobs).all()).toEqual([{ id: 1 }, { id: 5 }, { id: 6 }])
  expect(db.select({ of: jobOutputs.of }).from(jobOutputs).all()).toEqual([{ of: 1 }, { of: 5 }])
  expect(db.select({ of: jobOutputChunks.of }).from(jobOutputChunks).all()).toEqual([{ of: 1 }, { of: 5 }])
})

test('events and logs are kept for good, or for as long as somebody said', async () => {
  const seeded = (env: Record<string, string>) => {
    const { db, prune } = opened(env)
    const caller = { actor: 'ada', door: 'ssh' }
    for (const [id, daysAgo] of [
      ['old', 40],
      ['new', 20],
    ] as const) {
      const at = NOW - daysAgo * DAY
      db.insert(events)
        .values({ id, origin: 'told', trigger: 'post-create', at, args: ['blog'], recordedAt: at, ...caller })
        .run()
      const [row] = db
        .insert(deployments)
        .values({
          appId: 1,
          number: daysAgo,
          buildId: id,
          kind: 'build',
          source: 'git-hook',
          status: 'succeeded',
          pid: 0,
          logFile: '',
          startedAt: at,
          endedAt: at,
          ...caller,
        })
        .returning()
        .all()
      const of = row?.id ?? 0
      db.insert(logs).values({ of, complete: true }).run()
      db.insert(logChunks)
        .values({ of, firstLine: 1, lines: 1, rawBytes: 1, times: [], data: Buffer.from('x') })
        .run()
    }
    return { db, prune }
  }
  const kept = ({ db }: Pick<ReturnType<typeof opened>, 'db'>) => [
    db.select().from(events).all().length,
    db.select().from(logs).all().length,
    db.select().from(logChunks).all().length,
    db.select().from(deployments).all().length,
  ]
  const forGood = seeded({})
  await forGood.prune()
  expect(kept(forGood)).toEqual([2, 2, 2, 2])
  const aMonth = seeded({ DOKKUBASE_EVENT_DAYS: '30', DOKKUBASE_LOG_DAYS: '30' })
  await aMonth.prune()
  expect(kept(aMonth)).toEqual([1, 1, 1, 2])
  expect(
    aMonth.db
      .select()
      .from(events)
      .all()
      .map(({ id }) => id),
  ).toEqual(['new'])
})
