/**
 * A small server with two months behind it, told through the journal as everything is: ten apps, several people and
 * doors, failures of each kind, certificates near and far from their end. The same rows each time for the same `now`.
 */

import { eq } from 'drizzle-orm'
import { apps } from '../../../ui/apps/table.ts'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import type { Event } from '../../../ui/events/event.ts'
import type { Live } from '../../../ui/live/live.ts'
import { containers } from '../../../ui/processes/table.ts'
import { recording } from '../../../ui/recording.ts'
import { DAY, type Deploy, deploy, HOUR, MINUTE, type Person, SECOND, seen, told } from './events.ts'

export const NOW = Date.UTC(2026, 10, 3, 14, 5)

interface Plan {
  readonly app: string
  readonly who: readonly Person[]
  readonly everyDays: number
  readonly took: number
  readonly subjects: readonly string[]
  readonly processes: readonly string[]
  readonly domains: readonly string[]
  readonly certificateDays?: number
}

const PLANS: readonly Plan[] = [
  {
    app: 'shop',
    who: ['ada', 'ci', 'grace'],
    everyDays: 1.4,
    took: 94 * SECOND,
    subjects: [
      'Round prices the way the tax office does',
      'Keep the cart over a sign-in',
      'Ship to Norway',
      'Retry the payment webhook',
      'Show stock per size',
    ],
    processes: ['web=2', 'worker=1'],
    domains: ['shop.example.com', 'www.shop.example.com', 'checkout.example.com'],
    certificateDays: 9,
  },
  {
    app: 'blog',
    who: ['ada'],
    everyDays: 4,
    took: 31 * SECOND,
    subjects: ['On keeping a garden', 'Fix the feed', 'New typeface for code', 'Write about the move'],
    processes: ['web=1'],
    domains: ['blog.example.com'],
    certificateDays: 64,
  },
  {
    app: 'api',
    who: ['ci', 'grace'],
    everyDays: 2,
    took: 72 * SECOND,
    subjects: [
      'Page orders by key',
      'Drop the v1 routes',
      'Answer 409 for a taken name',
      'Measure slow queries',
    ],
    processes: ['web=3', 'worker=2', 'scheduler=1'],
    domains: ['api.example.com'],
    certificateDays: 78,
  },
  {
    app: 'docs',
    who: ['grace'],
    everyDays: 6,
    took: 22 * SECOND,
    subjects: ['Explain webhooks', 'Add a page on limits'],
    processes: ['web=1'],
    domains: ['docs.example.com', '*.docs.example.com'],
    certificateDays: 41,
  },
  {
    app: 'mailer',
    who: ['ci'],
    everyDays: 9,
    took: 40 * SECOND,
    subjects: ['Send receipts as plain text too', 'Back off when the relay is busy'],
    processes: ['worker=2'],
    domains: [],
  },
  {
    app: 'photos',
    who: ['ada'],
    everyDays: 14,
    took: 128 * SECOND,
    subjects: ['Thumbnails in WebP', 'Upgrade libvips'],
    processes: ['web=1', 'resizer=4'],
    domains: ['photos.example.net'],
    certificateDays: -3,
  },
  {
    app: 'status',
    who: ['grace'],
    everyDays: 20,
    took: 18 * SECOND,
    subjects: ['Check every thirty seconds'],
    processes: ['web=1'],
    domains: ['status.example.com'],
    certificateDays: 55,
  },
  {
    app: 'wiki',
    who: ['root'],
    everyDays: 25,
    took: 55 * SECOND,
    subjects: [''],
    processes: ['web=1'],
    domains: ['wiki.example.org'],
    certificateDays: 88,
  },
]

const FAILURES: readonly Deploy['end'][] = [
  { step: 'build', reason: 'Build failed at step 4/5 RUN npm ci', lines: [17, 18] },
  { step: 'checks', reason: "Failure in name='port listening check': connection refused", lines: [22] },
  { step: 'predeploy', reason: 'predeploy task failed: npm run migrate', lines: [19] },
  { step: 'crash at start', reason: 'web.1 ended right after it started, exit code 1', lines: [24] },
  'canceled',
]

/** Fractions that look random and are the same each time. */
const dice = (seed: number) => () => {
  seed = (seed * 48271) % 2147483647
  return seed / 2147483647
}

export interface Seed {
  readonly db: Database
  readonly record: (events: readonly Event[]) => void
}

export function seed({
  now = NOW,
  live = { publish: () => {} },
}: {
  now?: number
  live?: Pick<Live, 'publish'>
} = {}): Seed {
  const db = openDatabase(':memory:')
  const journal = recording(db, live, () => now)
  const roll = dice(7)
  const events = [...PLANS.flatMap((plan) => historyOf(plan, now, roll)), ...others(now)]
  journal.record(events.sort((one, other) => one.at - other.at))
  snapshot(db, now)
  return { db, record: (more) => void journal.record(more) }
}

/** An empty server: nothing was ever created on it. */
export function unseeded(): Seed {
  const db = openDatabase(':memory:')
  const journal = recording(db, { publish: () => {} })
  return { db, record: (more) => void journal.record(more) }
}

function historyOf(plan: Plan, now: number, roll: () => number): Event[] {
  const { app, who, domains, processes, took, subjects } = plan
  const began = now - 60 * DAY
  const events = [
    told(began, 'root', 'post-create', [app]),
    ...(domains.length > 0
      ? [told(began + MINUTE, 'root', 'post-domains-update', [app, 'set', ...domains])]
      : []),
    told(began + 2 * MINUTE, 'root', 'post-config-update', [
      app,
      'set',
      'DATABASE_URL',
      'SECRET_KEY',
      'LOG_LEVEL',
    ]),
    seen(began + 3 * MINUTE, 'formation-seen', [app, ...processes], { untold: false }),
  ]
  let failures = 0
  for (let at = began + HOUR; at < now - 6 * HOUR; at += plan.everyDays * DAY * (0.4 + roll())) {
    const fails = roll() < 0.14 ? FAILURES[failures++ % FAILURES.length] : undefined
    events.push(
      ...deploy({
        app,
        at: Math.round(at),
        who: who[Math.floor(roll() * who.length)] ?? 'ada',
        revision: hex(roll, 40),
        subject: subjects[Math.floor(roll() * subjects.length)] ?? '',
        author: roll() < 0.5 ? 'Ada Lovelace' : 'Grace Hopper',
        took: Math.round(took * (0.7 + roll() * 0.8)),
        ...(app === 'wiki' && { source: 'git:from-image' }),
        ...(fails !== undefined && { end: fails }),
      }),
    )
  }
  if (plan.certificateDays !== undefined) events.push(...certificate(plan, now))
  return events
}

function certificate({ app, domains, certificateDays = 0 }: Plan, now: number): Event[] {
  const expiresAt = now + certificateDays * DAY + 5 * HOUR
  const at = Math.min(expiresAt - 90 * DAY, now - HOUR)
  return [
    told(Math.max(at, now - 59 * DAY), 'cron', 'post-certs-update', [app]),
    seen(Math.max(at, now - 59 * DAY) + SECOND, 'certificate-seen', [app, '{"untold":false}'], {
      hostnames: domains,
      issuer: "C=US; O=Let's Encrypt; CN=R11",
      subject: `CN=${domains[0]}`,
      startsAt: expiresAt - 90 * DAY,
      expiresAt,
      verified: 'ok',
    }),
  ]
}

/** What makes a day: a deploy that runs now, failures, an app that was renamed, one that is gone, things nobody told. */
const others = (now: number): Event[] => [
  told(now - 20 * DAY, 'root', 'post-create', ['old-shop']),
  ...deploy({
    app: 'old-shop',
    at: now - 20 * DAY + HOUR,
    who: 'ada',
    revision: '1'.repeat(40),
    subject: 'Last one before the move',
  }),
  told(now - 12 * DAY, 'root', 'post-delete', ['old-shop', 'latest']),
  told(now - 30 * DAY, 'grace', 'post-create', ['kanban']),
  ...deploy({
    app: 'kanban',
    at: now - 29 * DAY,
    who: 'grace',
    revision: '2'.repeat(40),
    subject: 'Cards that can be dragged',
  }),
  told(now - 9 * DAY, 'root', 'post-create', ['board']),
  told(now - 9 * DAY + 4 * SECOND, 'root', 'post-app-rename-setup', ['kanban', 'board']),
  told(now - 9 * DAY + 7 * SECOND, 'root', 'post-delete', ['kanban', 'latest']),
  told(now - 9 * DAY + 9 * SECOND, 'root', 'post-app-rename', ['kanban', 'board']),
  told(now - 3 * HOUR, 'root', 'post-create', ['empty-lot']),
  told(now - 26 * HOUR, 'panel', 'post-stop', ['status']),
  seen(now - 5 * HOUR, 'formation-seen', ['api', 'web=3', 'worker=2', 'scheduler=1']),
  seen(now - 4 * HOUR, 'container-died', ['photos', 'resizer.2', '137'], ''),
  told(now - 3.5 * HOUR, 'ada', 'post-domains-update', ['shop', 'add', 'xn--caf-dma.example.com']),
  told(now - 3 * HOUR - MINUTE, 'panel', 'post-config-update', [
    'shop',
    'set',
    'STRIPE_KEY',
    'STRIPE_WEBHOOK',
    'CURRENCY',
    'TAX_REGION',
  ]),
  ...deploy({ app: 'shop', at: now - 3 * HOUR, who: 'panel', source: 'config-redeploy', took: 34 * SECOND }),
  told(now - 2 * HOUR, 'root', 'scheduler-post-run', ['docker-local', 'api', 'c0ffee', '0']),
  ...deploy({
    app: 'api',
    at: now - 75 * MINUTE,
    who: 'grace',
    revision: '9c31f04be7d0a41b2f86aa5210c9d17e55b0f3a2',
    author: 'Grace Hopper',
    subject: 'Refuse orders without an address',
    took: 51 * SECOND,
    end: { step: 'build', reason: 'Build failed at step 4/5 RUN npm ci', lines: [31, 32] },
  }),
  ...deploy({
    app: 'blog',
    at: now - 40 * MINUTE,
    who: 'ada',
    revision: 'd41d8cd98f00b204e9800998ecf8427e1a2b3c4d',
    subject: 'On keeping a garden, part two',
    took: 29 * SECOND,
  }),
  ...deploy({
    app: 'shop',
    at: now - 52 * SECOND,
    who: 'ci',
    revision: 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334',
    author: 'Grace Hopper',
    subject: 'Show what a parcel weighs before checkout',
    end: 'running',
  }),
]

/** What Docker says right now; not part of the journal. */
function snapshot(db: Database, now: number): void {
  const state = (name: string, state: typeof apps.$inferInsert.state) =>
    db.update(apps).set({ state, stateAt: now }).where(eq(apps.name, name)).run()
  for (const { app, processes } of PLANS) {
    state(app, app === 'status' ? 'stopped' : app === 'photos' ? 'degraded' : 'running')
    if (app === 'status') continue
    const { id = 0 } = db.select().from(apps).where(eq(apps.name, app)).get() ?? {}
    for (const entry of processes) {
      const [processType = '', quantity] = entry.split('=')
      for (let number = 1; number <= Number(quantity); number++) {
        const dead = app === 'photos' && number === 2
        db.insert(containers)
          .values({
            id: `${app}${processType}${number}`.padEnd(64, 'f'),
            appId: id,
            processType,
            number,
            name: `${app}.${processType}.${number}`,
            state: dead ? 'crashed' : 'running',
            exitCode: dead ? 137 : null,
            since: dead ? now - 4 * HOUR : now - 3 * DAY,
            ...(dead ? { finishedAt: now - 4 * HOUR } : { startedAt: now - 3 * DAY }),
          })
          .run()
      }
    }
  }
  // All of them were read long ago.
  db.update(apps)
    .set({ lookedAt: now - 30 * DAY, formationReadAt: now - HOUR })
    .run()
  state('board', 'running')
  state('empty-lot', 'not deployed')
}

const hex = (roll: () => number, length: number): string =>
  Array.from({ length }, () => Math.floor(roll() * 16).toString(16)).join('')
