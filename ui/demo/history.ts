import { makeCertificate } from '../certificates/making.ts'
import { tar } from '../certificates/tar.ts'
import type { Fault } from '../dokku/simulator/fault.ts'
import type { Source } from '../dokku/simulator/source.ts'
import { CAST, type Member, member, PROTOTYPE } from './cast.ts'
import { type Chance, chance, hit, pick } from './chance.ts'
import { oneOffs } from './one-offs.ts'
import { type Name, PEOPLE } from './people.ts'
import { SOURCES, withNewDependencies } from './sources.ts'

/** One command somebody gave at a time. */
export interface Act {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly by: Name
  readonly argv: readonly string[]
  readonly faults?: readonly Fault[]
  readonly slowness?: number
  readonly stdin?: Buffer
  /** What the repository holds from now on. */
  readonly source?: Source
  /** Canceled after so many seconds. */
  readonly canceledAfter?: number
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Six weeks and a bit. */
const DAYS = 45
const SEED = 20_261

/** Everything that happened on the demo's server before now, oldest first. */
export function history(now: number): Act[] {
  const random = chance(SEED)
  const day = (ago: number, hour = 10): number => Math.floor(now / DAY) * DAY - ago * DAY + hour * HOUR
  const acts = [
    ...founding(day),
    ...CAST.flatMap((each) => deploys(each, day(DAYS - 2), now - HOUR, random)),
    ...deploys(PROTOTYPE, day(40), day(12, 15), random),
    ...nightly(day, random),
    ...oneOffs(now),
    ...mishaps(day),
    ...housekeeping(day),
    ...certificates(day),
  ]
  return acts.filter(({ at }) => at < now - 0.1 * HOUR).sort((a, b) => a.at - b.at)
}

type Day = (ago: number, hour?: number) => number

/** Names before they got the ones they have now. */
const FORMERLY: Readonly<Record<string, string>> = { wiki: 'notes' }
const RENAMED_AGO = 20

function founding(day: Day): Act[] {
  const at = (minute: number): number => day(DAYS, 8) + minute * 60_000
  const begin: Act = { at: at(0), by: 'root', argv: ['domains:set-global', 'lantern.example'] }
  return [begin, ...CAST.flatMap((each, i) => found(each, at(10 + i * 25)))]
}

function found({ app, source, config, domains, formation, slowness }: Member, at: number): Act[] {
  const name = FORMERLY[app] ?? app
  const by = 'root'
  const minute = (n: number): number => at + n * 60_000
  const scale = Object.entries(formation).map(([type, count]) => `${type}=${count}`)
  return [
    { at: minute(0), by, argv: ['apps:create', name], source },
    ...(config.length === 0
      ? []
      : [{ at: minute(2), by, argv: ['config:set', '--no-restart', name, ...config] } as const]),
    ...domains.map((domain, i) => ({ at: minute(4 + i), by, argv: ['domains:add', name, domain] }) as const),
    { at: minute(7), by, argv: ['checks:set', name, 'wait-to-retire', '20'] },
    { ...first(app, name), at: minute(9), slowness },
    { at: minute(18), by: 'karolina', argv: ['ps:scale', name, ...scale] },
  ]
}

/** How an app came to the server: each through another door. */
function first(app: string, name: string): Omit<Act, 'at'> {
  if (app === 'wiki') return { by: 'root', argv: ['git:from-image', name, 'requarks/wiki:2.5'] }
  if (app === 'docs')
    return {
      by: 'root',
      argv: ['git:sync', '--build', name, 'https://bot:token@git.lantern.example/docs.git', 'main'],
    }
  if (app === 'legacy-crm')
    return {
      by: 'karolina',
      argv: [
        'git:from-archive',
        name,
        'https://files.lantern.example/crm-2019.tar.gz',
        '--archive-type',
        'tar.gz',
      ],
    }
  const [by = 'ada'] = member(app).pushers
  return push(name, by, 'First light')
}

const push = (app: string, by: Name, subject: string): Omit<Act, 'at'> => ({
  by,
  argv: ['simulator:push', app, '--author', PEOPLE[by].author, '--subject', subject],
})

/** Working hours, most days, and now and then at night. */
function deploys(of: Member, from: number, until: number, random: Chance): Act[] {
  const acts: Act[] = []
  if (of.pace === 0) return acts
  for (let at = from; at < until; ) {
    at += ((7 * DAY) / of.pace) * (0.3 + 1.4 * random())
    const hour = new Date(at).getUTCHours()
    if ((hour < 7 || hour > 20) && random() < 0.85) at += ((31 - hour) % 24) * HOUR
    acts.push({ ...deployOf(of, random), at })
  }
  return acts.filter(({ at }) => at < until)
}

/** One push of this app, with what may go wrong in it. */
export function deployOf(of: Member, random: Chance): Omit<Act, 'at'> {
  const fault = hit(of.faults, random)
  const slowness = of.slowness * (0.7 + 0.8 * random())
  const canceled = random() < 0.03
  return {
    ...push(of.app, pick(of.pushers, random), pick(of.subjects, random)),
    faults: fault === null ? [] : [fault],
    slowness,
    ...(random() < 0.2 ? { source: withNewDependencies(of.source, String(random())) } : {}),
    // While it still builds: later a cancel leaves containers that nobody ever removes.
    ...(canceled ? { canceledAfter: slowness * (3 + 4 * random()) } : {}),
  }
}

/** cron fetches the handbook each night and builds it when something changed. */
function nightly(day: Day, random: Chance): Act[] {
  const nights = Array.from({ length: DAYS - 2 }, (_, i) => i + 1).filter(() => random() < 0.35)
  const argv = [
    'git:sync',
    '--build-if-changes',
    'docs',
    'https://bot:token@git.lantern.example/docs.git',
    'main',
  ]
  return nights.map((ago) => ({
    at: day(ago, 3) + 17 * 60_000,
    by: 'cron',
    argv,
    faults: hit(member('docs').faults, random) === null ? [] : ['build'],
  }))
}

/** One of each kind of failure, whatever chance brings. */
function mishaps(day: Day): Act[] {
  const mishap = (
    ago: number,
    hour: number,
    app: string,
    by: Name,
    subject: string,
    ...faults: Fault[]
  ): Act => ({
    ...push(app, by, subject),
    at: day(ago, hour),
    faults,
    slowness: member(app).slowness,
  })
  return [
    mishap(29, 15, 'status', 'mei', 'Smaller image', 'dockerfile-syntax'),
    mishap(21, 11, 'shop', 'tomas', 'Gift cards', 'lock'),
    mishap(17, 14, 'mailer', 'tomas', 'app.json: scale by hand', 'bad-app-json'),
    mishap(16, 15, 'api', 'ci', 'Serve metrics beside the API', 'proxy'),
    mishap(13, 9, 'shop', 'ada', 'Sharper thumbnails', 'crash'),
    mishap(10, 18, 'status', 'mei', 'Try without a Dockerfile', 'no-builder'),
    { ...mishap(8, 12, 'blog', 'ada', 'Redirect old addresses'), canceledAfter: 4 },
    mishap(3, 16, 'analytics', 'mei', 'Lock visits while partitioning', 'predeploy'),
    mishap(2, 9, 'status', 'mei', 'Probe over IPv6', 'healthcheck'),
  ]
}

/** The rest of an administrator's life. */
function housekeeping(day: Day): Act[] {
  const act = (ago: number, hour: number, by: Name, ...argv: readonly string[]): Act => ({
    at: day(ago, hour),
    by,
    argv,
  })
  return [
    { ...push('prototype', 'mei', 'A first try'), at: day(41, 14), source: SOURCES.eleventy },
    act(36, 11, 'karolina', 'config:set', 'shop', 'STRIPE_KEY=sk_live_demo'),
    act(33, 16, 'tomas', 'config:set', 'mailer', 'BATCH=50'),
    act(30, 9, 'root', 'git:from-image', 'notes', 'requarks/wiki:2.6'),
    act(27, 13, 'karolina', 'ps:scale', 'api', 'web=2'),
    act(26, 21, 'root', 'ps:restart', 'api'),
    act(24, 8, 'karolina', 'ps:scale', 'api', 'web=4'),
    act(RENAMED_AGO, 10, 'root', 'apps:rename', 'notes', 'wiki'),
    act(RENAMED_AGO, 11, 'root', 'domains:add', 'wiki', 'knowledge.lantern.example'),
    act(18, 15, 'mei', 'config:set', 'analytics', 'RETENTION_DAYS=30'),
    act(15, 12, 'karolina', 'ps:rebuild', 'shop'),
    act(12, 16, 'root', 'apps:destroy', 'prototype', '--force'),
    act(11, 14, 'ada', 'config:unset', 'blog', 'DRAFTS'),
    act(9, 17, 'karolina', 'ps:stop', 'legacy-crm'),
    act(7, 9, 'root', 'resource:limit', '--memory', '256m', 'wiki'),
    act(7, 9, 'root', 'ps:set', 'wiki', 'restart-policy', 'unless-stopped'),
    act(6, 10, 'root', 'git:from-image', 'wiki', 'requarks/wiki:2.6.1'),
    act(5, 19, 'tomas', 'ps:restart', 'mailer'),
    act(4, 9, 'root', 'apps:create', 'landing'),
    act(2, 12, 'tomas', 'config:set', 'shop', 'FREE_SHIPPING_ABOVE=60'),
    act(1, 15, 'karolina', 'domains:add', 'status', 'up.lantern.example'),
  ]
}

const LETS_ENCRYPT = [
  ['C', 'US'],
  ['O', "Let's Encrypt"],
] as const

/** Renewed in time by cron, about to expire, expired, and one nobody ever renews. */
function certificates(day: Day): Act[] {
  const add = (
    ago: number,
    by: Name,
    app: string,
    names: readonly string[],
    days: number,
    issuer: string | null,
  ): Act => {
    const from = day(ago, 6)
    const { crt, key } = makeCertificate({
      names,
      from,
      until: from + days * DAY,
      issuer: issuer === null ? null : [...LETS_ENCRYPT, ['CN', issuer]],
    })
    return {
      at: from + 24 * 60_000,
      by,
      argv: ['certs:add', app],
      stdin: tar({ 'server.crt': crt, 'server.key': key }),
    }
  }
  return [
    add(44, 'root', 'shop', ['shop.lantern.example', 'www.shop.lantern.example'], 47, 'R10'),
    add(3, 'cron', 'shop', ['shop.lantern.example', 'www.shop.lantern.example'], 90, 'R11'),
    add(43, 'root', 'blog', ['blog.lantern.example', 'www.lantern-stories.example'], 90, 'R10'),
    add(43, 'root', 'api', ['api.lantern.example'], 51, 'R10'),
    add(43, 'root', 'docs', ['docs.lantern.example', 'handbook.lantern.example'], 41, 'R10'),
    add(19, 'root', 'wiki', ['wiki.lantern.example'], 90, 'R11'),
    add(43, 'karolina', 'legacy-crm', ['legacy-crm.lantern.example'], 400, null),
  ]
}
