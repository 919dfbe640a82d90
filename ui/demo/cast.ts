import type { Fault } from '../dokku/simulator/fault.ts'
import type { Source } from '../dokku/simulator/source.ts'
import type { Name } from './people.ts'
import { SOURCES } from './sources.ts'

/** One app of the demo, as it lives. */
export interface Member {
  readonly app: string
  readonly source: Source
  /** Deploys a week. */
  readonly pace: number
  readonly pushers: readonly Name[]
  readonly subjects: readonly string[]
  /** What goes wrong, and how often among a hundred deploys. */
  readonly faults: readonly (readonly [Fault, number])[]
  readonly formation: Readonly<Record<string, number>>
  readonly domains: readonly string[]
  readonly config: readonly string[]
  /** How much slower its deploys are than the recorded ones. */
  readonly slowness: number
}

const quiet = { faults: [], domains: [], config: [], formation: { web: 1 }, slowness: 1 } as const

export const CAST: readonly Member[] = [
  {
    ...quiet,
    app: 'blog',
    source: SOURCES.eleventy,
    pace: 5,
    pushers: ['ada', 'mei', 'ada'],
    subjects: [
      'Write about the lighthouse',
      'Fix the typo everybody saw',
      'Show related posts',
      'Compress the hero image',
      'Draft: tea in winter',
      'Feed: full text again',
      'Bump eleventy',
      'Less CSS',
    ],
    faults: [
      ['build', 9],
      ['healthcheck', 3],
    ],
    domains: ['www.lantern-stories.example'],
    config: ['SITE_URL=https://www.lantern-stories.example', 'DRAFTS=0'],
  },
  {
    ...quiet,
    app: 'shop',
    source: SOURCES.rails,
    pace: 6,
    pushers: ['tomas', 'ada', 'tomas', 'mei'],
    subjects: [
      'Stock per warehouse',
      'Round prices the Swiss way',
      'Cart survives sign-in',
      'Invoice numbers without gaps',
      'Upgrade puma',
      'Slow query on /orders',
      'Hide sold-out teapots',
      'Checkout: say what is missing',
    ],
    faults: [
      ['predeploy', 6],
      ['healthcheck', 4],
      ['build', 5],
      ['crash', 2],
      ['lock', 2],
    ],
    formation: { web: 3, worker: 2 },
    domains: ['www.shop.lantern.example'],
    config: ['RAILS_ENV=production', 'SECRET_KEY_BASE=4f1c…', 'STRIPE_KEY=sk_test_demo'],
    slowness: 1.4,
  },
  {
    ...quiet,
    app: 'api',
    source: SOURCES.go,
    pace: 9,
    pushers: ['ci'],
    subjects: [
      'orders: page by cursor',
      'stock: cache for 5 s',
      'Answer 409 instead of 500',
      'pgx 5.7',
      'customers: never log mail addresses',
      'Trace slow queries',
      'health: check the pool',
      'Drop /v0',
    ],
    faults: [
      ['build', 11],
      ['crash', 3],
      ['proxy', 2],
    ],
    formation: { web: 4 },
    config: ['DATABASE_URL=postgres://api:secret@db/api', 'LOG_LEVEL=info'],
    slowness: 0.8,
  },
  {
    ...quiet,
    app: 'docs',
    source: SOURCES.mkdocs,
    pace: 0,
    pushers: ['cron'],
    subjects: [],
    faults: [['build', 8]],
    domains: ['handbook.lantern.example'],
  },
  { ...quiet, app: 'wiki', source: SOURCES.wiki, pace: 0, pushers: ['root'], subjects: [] },
  {
    ...quiet,
    app: 'status',
    source: SOURCES.status,
    pace: 2,
    pushers: ['mei'],
    subjects: [
      'Probe the handbook too',
      'Uptime over 90 days',
      'Say "degraded" sooner',
      'Dark page',
      'Fewer false alarms',
    ],
    faults: [['healthcheck', 14]],
    formation: { web: 1, prober: 1 },
    config: ['PROBE_EVERY=30'],
  },
  {
    ...quiet,
    app: 'mailer',
    source: SOURCES.mailer,
    pace: 2,
    pushers: ['tomas', 'mei'],
    subjects: [
      'Retry greylisted mail',
      'DKIM key of 2026',
      'Bounce handling',
      'Smaller batches',
      'Log the queue length',
    ],
    faults: [['build', 10]],
    formation: { worker: 2 },
    config: ['SMTP_HOST=mx.lantern.example', 'SMTP_PASSWORD=demo'],
  },
  {
    ...quiet,
    app: 'analytics',
    source: SOURCES.django,
    pace: 3,
    pushers: ['mei', 'ci'],
    subjects: [
      'Sessions instead of visits',
      'Faster weekly report',
      'Forget addresses after a day',
      'pandas 3',
      'Funnel for the shop',
      'Partition by month',
    ],
    faults: [
      ['predeploy', 12],
      ['build', 6],
      ['lock', 3],
    ],
    formation: { web: 2, worker: 1, beat: 1 },
    config: ['DJANGO_SECRET=demo', 'CLICKHOUSE_URL=http://ch:8123'],
    slowness: 2.2,
  },
  {
    ...quiet,
    app: 'legacy-crm',
    source: SOURCES.php,
    pace: 0,
    pushers: ['karolina'],
    subjects: [],
    config: ['DB_HOST=10.0.0.9'],
  },
]

/** Gone by now; its page and its deployments stay. */
export const PROTOTYPE: Member = {
  ...quiet,
  app: 'prototype',
  source: SOURCES.eleventy,
  pace: 4,
  pushers: ['mei'],
  subjects: ['A first try', 'Now with colours', 'Throw half of it away', 'Show it to Ada'],
  faults: [
    ['build', 16],
    ['crash', 8],
  ],
}

export const member = (app: string): Member => {
  const found = CAST.find((each) => each.app === app)
  if (found === undefined) throw new Error(`there is no ${app} in the cast`)
  return found
}
