import { mkdirSync, writeFileSync } from 'node:fs'
import { parseFaults } from './fault.ts'
import { buildsOf, lockOf } from './place.ts'
import { endRecord, logOf, newBuildId, newRecord, prune, readRecord, writeRecord } from './record.ts'
import { warn } from './speech.ts'
import { type Lock, Refused, type World } from './world.ts'

/**
 * From here on this process is a build: it has an id and a record, and what it says goes into the log as well,
 * stdout and stderr as one. A second call within a build changes nothing.
 */
export function startBuild(world: World, app: string, source: string): void {
  if (world.build !== null || app === '') return
  takeFaults(world, app)
  world.fire('builds-generate-id')
  const id = newBuildId(world)
  mkdirSync(buildsOf(world.place, app), { recursive: true })
  const log = logOf(world, app, id)
  writeFileSync(log, '')
  const record = newRecord(world, app, id, source)
  if (!app.startsWith('-')) writeRecord(world, record)
  world.build = { app, id, source, log }
  // Dokku's own hook takes `--all` for a flag of its own and fails, and no hook after it runs.
  if (app.startsWith('-')) world.err(`flag provided but not defined: -${app.slice(2)}\n`)
  else ignoringRefusals(() => world.fire('builds-record-start', app, id, String(record.pid), source))
}

/** Faults asked for before, by `simulator:fault`, strike once. */
function takeFaults(world: World, app: string): void {
  const waiting = world.state.host().faults[app]
  if (waiting === undefined) return
  for (const fault of parseFaults(waiting)) world.faults.add(fault)
  world.state.changeHost((host) => {
    delete host.faults[app]
  })
}

/** Dokku calls it twice for a deploy that holds the lock, once for the others. */
export function endBuild(world: World, app: string, exitCode: number): void {
  if (world.build === null) return
  const record = readRecord(world, app, world.build.id)
  if (record === null) warn(world, `builds-record-finalize: no record for ${app}/${world.build.id}, skipping`)
  else endRecord(world, record, exitCode === 0 ? 'succeeded' : 'failed', exitCode)
  prune(world, app)
  ignoringRefusals(() => world.fire('builds-record-finalize', app, world.build?.id ?? '', String(exitCode)))
}

/** The lock of git pushes and rebuilds. A refused caller has already emptied the holder's file, as Dokku's does. */
export function lockDeploy(world: World, app: string): Lock {
  const file = lockOf(world.place, app)
  const lock = world.faults.has('lock') ? null : world.lock(file)
  if (lock === null)
    throw new Refused(
      1,
      ` !     ${app} currently has a deploy lock in place. Exiting...`,
      " !     Run 'apps:unlock' to release the existing deploy lock",
    )
  writeFileSync(file, `${world.build?.id ?? world.pid()}\n`)
  return lock
}

/** Where Dokku writes `|| true`. */
export function ignoringRefusals(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
}
