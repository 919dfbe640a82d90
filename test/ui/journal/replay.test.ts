import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apps } from '../../../ui/apps/table.ts'
import { certificates } from '../../../ui/certificates/table.ts'
import { configKeys } from '../../../ui/config/table.ts'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { deployments } from '../../../ui/deployments/table.ts'
import { domains } from '../../../ui/domains/table.ts'
import { type Event, eventId } from '../../../ui/events/event.ts'
import { events } from '../../../ui/events/table.ts'
import { type Journal, replay } from '../../../ui/journal/journal.ts'
import { processTypes } from '../../../ui/processes/table.ts'
import { recording } from '../../../ui/recording.ts'
import { hookEvent } from '../story/events.ts'

const DAY = Date.UTC(2026, 10, 20)
const TABLES = [apps, deployments, domains, certificates, configKeys, processTypes, events]

/** Few names and builds, so that apps are destroyed, made again and renamed while their builds run. */
const app = fc.constantFrom('blog', 'shop', 'wiki')
const build = fc.constantFrom('mxone', 'mxtwo', 'pid-4411')
const code = fc.constantFrom('0', '1', 'x')
const end = JSON.stringify({
  ...{ status: 'succeeded', exitCode: 0, failedStep: null, reason: '', lines: [] },
  steps: [{ step: 'live', at: null, line: 9 }],
})

const told = (trigger: string, rest: (parts: readonly string[]) => Partial<Event>) =>
  fc.tuple(app, build, code, app).map((parts): Partial<Event> => ({ trigger, ...rest(parts) }))
const step = fc.oneof(
  told('post-create', ([name = '']) => ({ args: [name] })),
  told('post-delete', ([name = '']) => ({ args: [name, 'latest'] })),
  told('app-gone', ([name = '']) => ({ args: [name], origin: 'seen' })),
  told('app-seen', ([name = '']) => ({ args: [name], origin: 'seen' })),
  told('post-app-rename-setup', ([from = '', , , to = '']) => ({ args: [from, to] })),
  told('builds-record-start', ([name = '', id = '']) => ({ args: [name, id, '4000000', 'git-hook'] })),
  told('post-deploy', ([name = '', id = '']) => ({
    ...{ args: [name, '', '', 'latest'], buildId: id, buildSource: 'ps:rebuild' },
  })),
  told('builds-record-finalize', ([name = '', id = '', exit = '']) => ({
    args: [name, id, exit],
    buildId: id,
  })),
  fc
    .tuple(app, build, fc.integer({ min: 1, max: 5 }), fc.constantFrom(end, '{', 'null'))
    .map(([name, id, of, note]): Partial<Event> => {
      const args = [name, id, String(of)]
      return { trigger: 'build-ended', origin: 'seen', args, buildId: id, note }
    }),
)

const opened = (): { readonly db: Database; readonly journal: Journal } => {
  const db = openDatabase(':memory:')
  return { db, journal: recording(db, { publish() {} }, () => DAY) }
}
const rowsOf = (db: Database) => TABLES.map((table) => db.select().from(table).all())

test('whatever happens in whatever order: a replay gives the same rows, and nothing recorded twice changes any', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      const all = steps.map((one, at) =>
        hookEvent({ id: eventId(DAY + at, 1, at), at: DAY + at, trigger: '', args: [], ...one }),
      )
      const [lived, copy] = [opened(), opened()]
      lived.journal.record(all)
      const rows = rowsOf(lived.db)
      expect(lived.journal.record(all)).toEqual([])
      expect(rowsOf(lived.db)).toEqual(rows)
      expect(replay(lived.journal, copy.journal, 4)).toBe(all.length)
      expect(rowsOf(copy.db)).toEqual(rows)
      const judged = lived.db.select().from(deployments).all()
      // What the panel judged never runs for ever. Of an app that is gone only such are to be judged as began before another.
      expect(judged.filter(({ judgedAt, status }) => judgedAt !== null && status === 'running')).toEqual([])
      const gone = lived.db
        .select()
        .from(apps)
        .all()
        .filter(({ destroyedAt }) => destroyedAt !== null)
      for (const { id: appId } of gone) {
        const own = judged.filter((row) => row.appId === appId)
        const last = Math.max(...own.map(({ id }) => id))
        expect(own.filter(({ id, status }) => status === 'running' && id === last)).toEqual([])
      }
      for (const { db } of [lived, copy]) db.$client.close()
    }),
    { numRuns: 150 },
  )
})
