import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { placeAt, prepare } from '../../ui/dokku/simulator/place.ts'

export const REPO = new URL('../../', import.meta.url).pathname

/** One made-up server: folders, the simulator as its Dokku, the plugin's triggers where Dokku looks for them. */
export interface Stage {
  readonly folder: string
  readonly dokku: string
  /** DOKKU_LIB_ROOT */
  readonly lib: string
  readonly outbox: string
  readonly data: string
  /** Fires events FROM to TO of each app, all apps at once. Resolves to how many writers had a hook fail or speak. */
  write(apps: readonly string[], from: number, to: number): Promise<number>
  waiting(): number
  clear(): void
}

export function newStage(): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-torture-'))
  const place = placeAt(join(folder, 'server'))
  const { dokku } = prepare(place)
  const outbox = join(place.lib, 'data/dokkubase/outbox')
  const plugin = join(place.lib, 'plugins/enabled/dokkubase')
  mkdirSync(outbox, { recursive: true })
  mkdirSync(plugin, { recursive: true })
  for (const name of readdirSync(join(REPO, 'triggers')))
    if (name !== 'event') symlinkSync(join(REPO, 'triggers', name), join(plugin, name))

  const writer = async (app: string, from: number, to: number): Promise<number> => {
    const child = spawn(`${REPO}test/torture/writer.sh`, [plugin, app, String(from), String(to)], {
      env: { PATH: '/usr/bin:/bin', DOKKU_LIB_ROOT: place.lib },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = 0
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.length
      })
    const [code] = await once(child, 'close')
    return code === 0 && said === 0 ? 0 : 1
  }

  return {
    folder,
    dokku,
    lib: place.lib,
    outbox,
    data: join(folder, 'data'),
    async write(apps, from, to) {
      const failed = await Promise.all(apps.map((app) => writer(app, from, to)))
      return failed.reduce((sum, one) => sum + one, 0)
    },
    waiting: () => readdirSync(outbox).length,
    clear: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** What became of events 1 to `last` of each app. */
export interface Outcome {
  readonly events: number
  readonly lost: number
  readonly doubled: number
  readonly outOfOrder: number
  readonly setAside: number
  readonly integrity: string
}

export function judge({ data }: Stage, apps: readonly string[], last: number): Outcome {
  const db = new SQLite(join(data, 'dokkubase.db'), { readonly: true })
  const numbersOf = db
    .prepare<[string], number>(
      `select cast(json_extract(args, '$[3]') as integer) from events
       where origin = 'told' and json_extract(args, '$[0]') = ? order by seq`,
    )
    .pluck()
  const outcomes = apps.map((app) => {
    const numbers = numbersOf.all(app)
    const distinct = new Set(numbers)
    return {
      lost: Array.from({ length: last }, (_, index) => index + 1).filter((n) => !distinct.has(n)).length,
      doubled: numbers.length - distinct.size,
      outOfOrder: numbers.filter((n, index) => index > 0 && n <= (numbers[index - 1] ?? 0)).length,
    }
  })
  const sum = (key: 'lost' | 'doubled' | 'outOfOrder') =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0)
  const integrity = String(db.pragma('integrity_check', { simple: true }))
  db.close()
  return {
    events: apps.length * last,
    lost: sum('lost'),
    doubled: sum('doubled'),
    outOfOrder: sum('outOfOrder'),
    setAside: setAside(data),
    integrity,
  }
}

const setAside = (data: string): number => {
  try {
    return readdirSync(join(data, 'set-aside')).length
  } catch {
    return 0
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until `check` holds; says what it waited for when it does not in time. */
export async function until(what: string, check: () => boolean | Promise<boolean>, ms = 120_000) {
  const end = Date.now() + ms
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s in vain until ${what}`)
    await pause(50)
  }
}
