import { X509Certificate } from 'node:crypto'
import { fetched } from '../dokku/simulator/letsencrypt.ts'
import { playThen } from '../dokku/simulator/past.ts'
import { type Place, prepare } from '../dokku/simulator/place.ts'
import { enablePlugin, playPlugin } from '../dokku/simulator/plugin.ts'
import { openState } from '../dokku/simulator/state.ts'
import { CAST, PROTOTYPE } from './cast.ts'
import { chance } from './chance.ts'
import { type Act, history } from './history.ts'
import { PEOPLE } from './people.ts'

const SEED = 7
const MINUTE = 60_000

/** Makes the server and plays its past on it. The panel finds it in its outbox, as if it had been away so long. */
export async function seed(place: Place, plugin: string, now: number): Promise<void> {
  prepare(place)
  enablePlugin(place, plugin, 'dokkubase')
  playPlugin(place, 'letsencrypt')
  const state = openState(place)
  const random = chance(SEED)
  const freeAt = new Map<string, number>()
  const play = async (act: Act): Promise<void> => {
    const app = appOf(act)
    // A deploy takes its time, so what was to begin meanwhile begins after it.
    const at = Math.max(act.at, freeAt.get(app) ?? 0)
    const { source } = act
    if (source !== undefined) state.changeHost(({ sources }) => Object.assign(sources, { [app]: source }))
    const { endedAt } = await playThen(
      { place, state },
      {
        at,
        random,
        caller: PEOPLE[act.by].caller,
        faults: act.faults ?? [],
        pace: act.slowness ?? 1,
        ...(act.stdin === undefined ? {} : { stdin: act.stdin }),
        ...(act.canceledAfter === undefined ? {} : { canceledAfter: act.canceledAfter }),
      },
      act.argv,
    )
    freeAt.set(app, endedAt + MINUTE)
  }
  await state.batch(async () => {
    for (const act of history(now)) await play(act)
    await play({ at: now, by: 'root', argv: ['letsencrypt:set', '--global', 'email', 'ops@lantern.example'] })
    await play({ at: now, by: 'root', argv: ['letsencrypt:cron-job', '--add'] })
    for (const app of state.apps())
      if (isLetsEncrypts(state.app(app)?.certificate?.crt)) fetched({ state }, app)
    // One that Docker soon gives up on, and one that goes on for ever.
    await play({ at: now, by: 'root', argv: ['simulator:loop', 'mailer', 'worker.2', '1', '2'] })
    await play({ at: now, by: 'root', argv: ['simulator:loop', 'wiki', 'web.1', 'oom', '70'] })
  })
  state.close()
}

const isLetsEncrypts = (crt: string | undefined): boolean =>
  crt !== undefined && new X509Certificate(crt).issuer.includes("O=Let's Encrypt")

const NAMES = new Set([...CAST, PROTOTYPE].map(({ app }) => app).concat('notes', 'landing'))
const appOf = ({ argv }: Act): string => argv.slice(1).find((arg) => NAMES.has(arg)) ?? ''
