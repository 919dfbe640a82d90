import { eq, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { actorOf } from '../events/actor.ts'
import type { Projection } from '../journal/journal.ts'
import { CertificateSeen, isUnread } from './certificate.ts'
import { certificates } from './table.ts'

/**
 * The certificate an app has. The triggers say that it changed, not what it is: names and dates come with
 * `certificate-seen`, which the reconciler writes once it has read certs:report.
 */
export function certificateProjection(db: Database): Projection {
  const remove = db
    .delete(certificates)
    .where(eq(certificates.appId, sql.placeholder('appId')))
    .prepare()
  const ofApp = db
    .select()
    .from(certificates)
    .where(eq(certificates.appId, sql.placeholder('appId')))
    .prepare()
  return {
    project(event, appId) {
      if (appId === null) return []
      if (event.trigger === 'post-certs-update') {
        const updated = { updatedAt: event.at, updatedBy: actorOf(event).actor }
        db.insert(certificates)
          .values({ appId, ...updated })
          .onConflictDoUpdate({ target: certificates.appId, set: updated })
          .run()
      } else if (event.trigger === 'post-certs-remove') remove.run({ appId })
      else if (event.trigger === 'certificate-seen') {
        const seen = CertificateSeen.safeParse(JSON.parse(event.note))
        if (!seen.success) return []
        if (seen.data === null) remove.run({ appId })
        else
          db.insert(certificates)
            .values({ appId, ...seen.data, updatedAt: event.at })
            .onConflictDoUpdate({ target: certificates.appId, set: seen.data })
            .run()
      } else return []
      return ['certificates']
    },
    rekey(from, into) {
      const fresh = ofApp.get({ appId: from })
      // Dokku takes the certificate along; until it was read of the new name, that of the old name holds.
      if (fresh === undefined) return
      const before = ofApp.get({ appId: into })
      // Who gave it is not forgotten for its having been seen again.
      const { updatedAt, updatedBy } = fresh.updatedBy === '' && before ? before : fresh
      remove.run({ appId: into })
      db.update(certificates)
        .set({ appId: into, updatedAt, updatedBy })
        .where(eq(certificates.appId, from))
        .run()
    },
  }
}

/** An app's certificate; null: it has none; undefined: it changed and was not read since. */
export function certificateOf(db: Database): (appId: number) => CertificateSeen | undefined {
  const ofApp = db
    .select()
    .from(certificates)
    .where(eq(certificates.appId, sql.placeholder('appId')))
    .prepare()
  return (appId) => {
    const row = ofApp.get({ appId })
    if (row === undefined) return null
    return isUnread(row) ? undefined : { ...row, hostnames: [...row.hostnames] }
  }
}
