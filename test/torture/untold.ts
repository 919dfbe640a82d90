import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { newService } from './panel.ts'
import { newStage, pause, type Stage, until } from './stage.ts'

/** What Dokku did while no event could be written is seen later, and Dokku did it as ever. */
export interface Untold {
  readonly what: string
  readonly right: boolean
}

/** A whole deploy without an outbox: the deploy does not notice, and the panel sees afterwards what it was not told. */
export async function untold(): Promise<Untold[]> {
  const stage = newStage()
  const service = await newService(stage)
  const dokku = (...args: string[]) =>
    spawnSync(stage.dokku, args, {
      env: { PATH: '/usr/bin:/bin', HOME: stage.folder, DOKKU_SIMULATOR_SPEED: '20' },
      encoding: 'utf8',
    })
  try {
    await service.start()
    dokku('apps:create', 'blog')
    await until('the panel has looked at Dokku', () => count(stage, 'trigger = ?', 'app-looked') > 0)
    rmSync(stage.outbox, { recursive: true })
    const ran = [
      dokku('apps:create', 'shop'),
      dokku('domains:add', 'shop', 'shop.test'),
      dokku('simulator:push', 'shop'),
    ]
    const spoken = ran.map(({ stdout, stderr }) => stdout + stderr).join('\n')
    mkdirSync(stage.outbox)
    // A build this young might be told yet: the panel leaves it alone at first.
    await pause(11_000)
    await service.end()
    await service.start()
    const seen = (trigger: string) =>
      count(stage, "app = 'shop' and origin = 'seen' and trigger = ?", trigger) > 0
    const later = ['app-seen', 'domains-seen', 'formation-seen', 'build-seen']
    await until('the panel saw what it was not told', () => later.every(seen), 30_000).catch(() => undefined)
    return [
      { what: 'without an outbox a deploy succeeds', right: ran.every(({ status }) => status === 0) },
      { what: 'nothing of ours is in its output', right: !/dokkubase|outbox/.test(spoken) },
      { what: 'no event of it was told', right: count(stage, "origin = 'told' and app = ?", 'shop') === 0 },
      ...later.map((trigger) => ({ what: `afterwards there is ${trigger}`, right: seen(trigger) })),
      { what: 'the panel leaves no process behind', right: await gone(stage, service.end) },
    ]
  } finally {
    await service.kill()
    stage.clear()
  }
}

const count = ({ data }: Stage, where: string, value: string): number => {
  const db = new SQLite(join(data, 'dokkubase.db'), { readonly: true })
  const found = db.prepare<[string], number>(`select count(*) from events where ${where}`).pluck().get(value)
  db.close()
  return found ?? 0
}

/** Ends the panel, then looks for any process that still names this server's folder. */
async function gone({ folder }: Stage, end: () => Promise<void>): Promise<boolean> {
  await end()
  const left = () => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(folder)
  return until('nothing is left running', () => !left(), 5000).then(
    () => true,
    () => false,
  )
}
