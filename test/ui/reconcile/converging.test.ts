import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apps } from '../../../ui/apps/table.ts'
import { certificates } from '../../../ui/certificates/table.ts'
import { configKeys } from '../../../ui/config/table.ts'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { deployments } from '../../../ui/deployments/table.ts'
import { domains } from '../../../ui/domains/table.ts'
import { type Event, eventId, seenEvent } from '../../../ui/events/event.ts'
import { events } from '../../../ui/events/table.ts'
import { type Journal, replay } from '../../../ui/journal/journal.ts'
import { knownApps } from '../../../ui/known-apps.ts'
import { processTypes } from '../../../ui/processes/table.ts'
import { compare, type DokkuParts, type KnownApp } from '../../../ui/reconcile/compare.ts'
import { recording } from '../../../ui/recording.ts'
import { hookEvent } from '../story/events.ts'

const NOW = Date.UTC(2026, 10, 20)
const TABLES = [apps, deployments, domains, certificates, configKeys, processTypes, events]

/** Few enough that some are the same, now and then twice in one list. */
const name = fc.constantFrom('a.test', 'b.test', 'A.test', '*.a.test', 'x')
const names = fc.array(name, { maxLength: 4 })
const time = fc.option(fc.integer({ min: NOW - 1e9, max: NOW + 1e9 }), { nil: null })
const dokkuApp: fc.Arbitrary<DokkuParts> = fc.record({
  locked: fc.boolean(),
  domains: names,
  certificate: fc.option(
    fc.record({
      hostnames: names,
      issuer: fc.constantFrom('', 'R11'),
      subject: fc.constantFrom('', 'CN=a.test'),
      startsAt: time,
      expiresAt: time,
      verified: fc.constantFrom('', 'ok'),
    }),
    { nil: null },
  ),
  formation: fc.uniqueArray(fc.constantFrom('web=2', 'web=-1', 'worker=0', 'a-b_c=10'), {
    maxLength: 3,
    selector: (entry) => entry.split('=')[0],
  }),
  configKeys: fc.array(fc.constantFrom('PORT', 'GIT_REV', 'port', 'A'), { maxLength: 4 }),
  builds: fc.array(
    fc.record({
      id: fc.constantFrom('', 'pid-4411', 'mxabc', 'mxabd'),
      app: fc.constant('blog'),
      pid: fc.integer({ min: -1, max: 10 }),
      started_at: fc.constantFrom('2026-11-01T00:00:00Z', 'no time', ''),
      status: fc.constantFrom('running' as const, 'failed' as const, 'canceled' as const),
      source: fc.constantFrom('git-hook', 'unheard of', ''),
    }),
    { maxLength: 3 },
  ),
})

interface Stage {
  readonly db: Database
  readonly journal: Journal
  readonly known: (app: string) => KnownApp
}

function opened(): Stage {
  const db = openDatabase(':memory:')
  const known = knownApps(db)
  return {
    db,
    journal: recording(db, { publish() {} }, () => NOW),
    known(app) {
      const found = known.find(app)
      if (found === undefined) throw new Error(`there is no ${app}`)
      return found
    },
  }
}

let ticks = 0
const asEvent = ({ trigger, args, note }: Pick<Event, 'trigger' | 'args' | 'note'>): Event => {
  ticks += 1
  return seenEvent({ id: eventId(NOW, 1, ticks), host: 'local', trigger, at: NOW, args, note })
}

/** As the reconciler does. */
const compared = ({ journal, known }: Stage, app: string, dokku: DokkuParts) => {
  const differences = compare(known(app), { ...dokku, readAt: NOW }, new Set(), NOW)
  journal.record(differences.map(asEvent))
  return differences
}

const create = (app: string): Event =>
  hookEvent({ id: `${app}-made`, trigger: 'post-create', at: NOW, args: [app] })

test.each(['blog', 'dokkubase'])(
  'what is detected of %s is detected once, whatever Dokku says, and a replay gives the same rows',
  (app) => {
    fc.assert(
      fc.property(fc.array(dokkuApp, { minLength: 1, maxLength: 4 }), (all) => {
        const stage = opened()
        stage.journal.record([create(app)])
        for (const dokku of all) {
          compared(stage, app, dokku)
          expect(compared(stage, app, dokku)).toEqual([])
        }
        const copy = opened()
        replay(stage.journal, copy.journal, 3)
        for (const table of TABLES)
          expect(copy.db.select().from(table).all()).toEqual(stage.db.select().from(table).all())
        for (const { db } of [stage, copy]) db.$client.close()
      }),
      { numRuns: 100 },
    )
  },
)
