/** Jobs on a server of the test's own: the real gate, and in place of Dokku a script that does what is told. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { gateAt, gateJobs } from '../../../ui/dokku/gate.ts'
import { type Jobs, type JobsOptions, jobs } from '../../../ui/jobs/jobs.ts'
import { jobRows } from '../../../ui/jobs/rows.ts'
import { sqliteQueue } from '../../../ui/jobs/sqlite.ts'
import type { JobRow } from '../../../ui/jobs/table.ts'
import { eventually } from '../../patience.ts'
import { KINDS } from './kinds.ts'

const GATE = fileURLToPath(new URL('../../../ui/dokku/gate/gate', import.meta.url))

export const ADA = { id: 1, name: 'ada' }

export interface Place {
  readonly folder: string
  readonly lib: string
  readonly dokku: string
}

export function newPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-jobs-'))
  const place = { folder, lib: join(folder, 'lib'), dokku: join(folder, 'dokku') }
  mkdirSync(join(place.lib, 'data/dokkubase/jobs'), { recursive: true })
  writeFileSync(place.dokku, DOKKU)
  chmodSync(place.dokku, 0o755)
  return place
}

const DOKKU = `#!/bin/bash
here="\${0%/*}"
printf '%s\\n' "$NAME: $*" >>"$here/calls"
. "$here/does"
`

/** As the panel opens them. `kinds` and the like may be others. */
export function openJobs(place: Place, db: Database, options: Partial<JobsOptions> = {}): Jobs {
  const gate = gateAt({ script: GATE, user: null, dokku: place.dokku, dokkuLibRoot: place.lib })
  return jobs({
    db,
    live: { publish() {} },
    kinds: KINDS,
    gate: gateJobs(gate),
    inputs: join(place.folder, 'data/jobs'),
    outputs: gate.jobs,
    queue: (queue) => sqliteQueue(db, { ...queue, leaseMs: 1500 }),
    ...options,
  })
}

export const databaseOf = ({ folder }: Place): Database => {
  mkdirSync(join(folder, 'data'), { recursive: true })
  return openDatabase(join(folder, 'data/dokkubase.db'))
}

export function stage() {
  const place = newPlace()
  const { folder } = place
  const db = databaseOf(place)
  const open: Jobs[] = []
  const rows = jobRows(db)
  const row = (id = 1): JobRow => {
    const found = rows.find(id)
    if (found === undefined) throw new Error(`there is no job ${id}`)
    return found
  }
  return {
    ...place,
    db,
    row,
    /** What the script that is Dokku does from now on, in bash. */
    does: (script: string) => writeFileSync(join(folder, 'does'), script),
    calls: () =>
      existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [],
    async open(options: Partial<JobsOptions> = {}): Promise<Jobs> {
      const opened = openJobs(place, db, options)
      open.push(opened)
      await opened.start()
      return opened
    },
    over: (...ids: number[]) =>
      eventually(() => {
        for (const id of ids)
          expect([id, row(id).state, row(id).endedAt]).not.toEqual([id, row(id).state, null])
      }),
    said: ({ output }: Jobs, id = 1) => output.read(id, 1, 10_000).map(([, , text]) => text),
    async close() {
      for (const one of open) await one.close()
      db.$client.close()
      rmSync(folder, { recursive: true })
    },
  }
}
