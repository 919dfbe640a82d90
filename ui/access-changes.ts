/**
 * Events for what changes between an app and its visitors. The plugins that do it fire no trigger, so a report that
 * differs from the one before is the event.
 */
import type { AppLine } from './dokku/container.ts'
import { type Event, eventId, LOCAL, seenEvent } from './events/event.ts'
import {
  ACCESS_REPORTS,
  type Access,
  type AccessReads,
  type AccessReport,
  isAccessReport,
} from './properties/access.ts'
import type { AppReport, ReportName, ReportReads } from './reports/report.ts'

export interface AccessChangesOptions {
  readonly access: AccessReads
  readonly reports: Pick<ReportReads, 'facts'>
  readonly record: (events: readonly Event[]) => unknown
  readonly now: () => number
  /** Has these reports of an app read. */
  readonly ask: (app: string, names: readonly AppReport[]) => void
}

/** A report that does not agree with what nginx was told is read again, at most this often. */
const AGAIN_MS = 600_000

export function accessChanges({ access, reports, record, now, ask }: AccessChangesOptions) {
  let numbered = 0

  const changed = (app: string, name: AccessReport, state: string): Event => {
    numbered += 1
    return seenEvent({
      id: eventId(now(), process.pid, `access-${numbered}`),
      host: LOCAL,
      trigger: 'access-seen',
      at: now(),
      args: [app, name, state],
    })
  }

  return {
    /** Runs what keeps a report, and tells where an app's visitors are answered otherwise since. */
    keeping(app: string, appId: number, name: ReportName, keep: () => void): void {
      if (!isAccessReport(name)) {
        keep()
        return
      }
      const before = { ...access.of(appId), text: reports.facts(appId, name)?.body.text }
      keep()
      const after = { ...access.of(appId), text: reports.facts(appId, name)?.body.text }
      const key = KEYS[name]
      if (before[key] === 'unknown' || after[key] === 'unknown') return
      if (before[key] !== after[key]) record([changed(app, name, after[key])])
      else if (before.text !== after.text) record([changed(app, name, 'changed')])
    },
    /** Files of nginx say at once what a report says only when it is read; one that never was is read now. */
    listed(appId: number, { app, access: files }: Pick<AppLine, 'app' | 'access'>): void {
      const known = access.of(appId)
      const differing = ACCESS_REPORTS.filter((name) => {
        const state = known[KEYS[name]]
        if (state !== 'unknown' && (state === 'off') !== files.includes(name)) return false
        const at = reports.facts(appId, name)?.at
        return state === 'unknown' ? at === undefined : now() - (at ?? 0) >= AGAIN_MS
      })
      if (differing.length > 0) ask(app, differing)
    },
  }
}

const KEYS = {
  maintenance: 'maintenance',
  'http-auth': 'password',
  redirect: 'redirects',
} as const satisfies Readonly<Record<AccessReport, keyof Access>>
