import { setTimeout as sleep } from 'node:timers/promises'
import { CAST, type Member, member } from './cast.ts'
import { type Chance, chance, pick } from './chance.ts'
import { deployOf } from './history.ts'
import { cronRun } from './one-offs.ts'
import { type Name, PEOPLE } from './people.ts'
import type { Children } from './process.ts'

export interface Life {
  /** Starts the deploy that is under way when the first page opens. */
  begin(): void
  /** Goes on until the signal: something happens every half minute or so. */
  live(signal: AbortSignal): Promise<void>
}

interface Deed {
  readonly by: Name
  readonly argv: readonly string[]
  readonly faults?: readonly string[]
  readonly slowness?: number
  readonly stdin?: string
}

/** What goes on while somebody looks: real commands, each a process of its own at the pace of a real server. */
export function life(dokku: string, children: Children, seed: number): Life {
  const random = chance(seed)
  const busy = new Set<string>()

  const run = ({ by, argv, faults = [], slowness = 1, stdin }: Deed): Promise<void> => {
    const { sshUser, name, fingerprint, sudoUser } = PEOPLE[by].caller
    const caller = { SSH_USER: sshUser, NAME: name, FINGERPRINT: fingerprint, SUDO_USER: sudoUser }
    const pace = { DOKKU_SIMULATOR_SPEED: String(1 / slowness), DOKKU_SIMULATOR_FAULT: faults.join(',') }
    const child = children.start(dokku, argv, {
      env: { ...process.env, ...caller, ...pace },
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'ignore', 'ignore'],
    })
    child.stdin?.end(stdin)
    return new Promise((resolve) => child.on('exit', () => resolve()))
  }

  const deploy = async (of: Member): Promise<void> => {
    const { by, argv, faults, slowness, source, canceledAfter } = deployOf(of, random)
    if (source !== undefined)
      await run({ by, argv: ['simulator:source', of.app], stdin: JSON.stringify(source) })
    const pushing = run({ by, argv, ...(faults && { faults }), ...(slowness && { slowness }) })
    if (canceledAfter !== undefined) {
      await sleep(canceledAfter * 1000)
      await run({ by: 'root', argv: ['builds:cancel', of.app] })
    }
    await pushing
  }

  /** One thing at a time for each app. */
  const once = async (app: string, deed: () => Promise<void>): Promise<void> => {
    if (busy.has(app)) return
    busy.add(app)
    await deed().finally(() => busy.delete(app))
  }

  const happen = (): void => {
    const chosen = random()
    if (chosen < 0.72) {
      const of = pick(PUSHED, random)
      void once(of.app, () => deploy(of))
    } else {
      const deed = pick(ERRANDS, random)
      void once(appOf(deed), () => run(deed))
    }
  }

  return {
    begin() {
      const of = member('analytics')
      const argv = [
        'simulator:push',
        of.app,
        '--author',
        PEOPLE.mei.author,
        '--subject',
        'Partition by month',
      ]
      void once(of.app, () => run({ by: 'mei', argv, slowness: of.slowness }))
    },
    async live(signal) {
      while (!signal.aborted) {
        await sleep(pauseOf(random), undefined, { signal }).catch(() => {})
        if (!signal.aborted) happen()
      }
    },
  }
}

const PUSHED = CAST.filter(({ pace }) => pace > 0)

/** What is done besides pushing. */
const ERRANDS: readonly Deed[] = [
  { by: 'karolina', argv: ['ps:restart', 'status'] },
  { by: 'karolina', argv: ['ps:restart', 'mailer'] },
  { by: 'tomas', argv: ['config:set', 'mailer', 'BATCH=80'] },
  { by: 'mei', argv: ['config:set', 'blog', 'DRAFTS=1'] },
  { by: 'mei', argv: ['config:unset', 'blog', 'DRAFTS'] },
  { by: 'root', argv: ['ps:rebuild', 'docs'] },
  { by: 'karolina', argv: ['ps:scale', 'api', 'web=5'] },
  { by: 'karolina', argv: ['ps:scale', 'api', 'web=4'] },
  { by: 'root', argv: ['simulator:crash', 'mailer', 'worker.1', '1'] },
  { by: 'root', argv: ['simulator:move', 'docs', 'web.1'] },
  { by: 'root', argv: ['proxy:build-config', 'docs'] },
  { by: 'root', argv: ['domains:add', 'wiki', 'wissen.lantern.example'] },
  { by: 'root', argv: ['domains:remove', 'wiki', 'wissen.lantern.example'] },
  { by: 'cron', argv: ['ps:retire'] },
  cronRun('shop', 'bin/rails carts:sweep'),
]

const appOf = ({ argv }: Deed): string => argv[1] ?? ''

/** Twenty to seventy seconds. */
const pauseOf = (random: Chance): number => 20_000 + 50_000 * random()
