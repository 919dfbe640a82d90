import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { UNJUDGED } from './deployment.ts'
import { isOfAnother } from './fallback-id.ts'
import { deployments } from './table.ts'

/** What the watch over builds needs of these rows. */
export function buildRows(db: Database, host = 'local') {
  const columns = {
    id: deployments.id,
    host: deployments.host,
    appId: deployments.appId,
    app: sql<string>`(select name from apps where apps.id = ${deployments.appId})`,
    appDestroyedAt: sql<number | null>`(select destroyed_at from apps where apps.id = ${deployments.appId})`,
    buildId: deployments.buildId,
    source: deployments.source,
    pid: deployments.pid,
    pidStart: deployments.pidStart,
    logFile: deployments.logFile,
    startedAt: deployments.startedAt,
    status: deployments.status,
    exitCode: deployments.exitCode,
    liveAt: deployments.liveAt,
    builder: deployments.builder,
    reason: deployments.reason,
  }
  const toJudge = db
    .select(columns)
    .from(deployments)
    .where(and(isNull(deployments.judgedAt), eq(deployments.host, host)))
    .orderBy(deployments.id)
    .prepare()
  const byId = db
    .select(columns)
    .from(deployments)
    .where(eq(deployments.id, sql.placeholder('id')))
    .prepare()
  const known = db
    .select({ buildId: deployments.buildId, startedAt: deployments.startedAt })
    .from(deployments)
    .where(
      and(
        eq(deployments.host, host),
        eq(deployments.buildId, sql.placeholder('buildId')),
        eq(deployments.appId, sql.placeholder('appId')),
      ),
    )
    .prepare()
  const unjudged = and(eq(deployments.id, sql.placeholder('id')), isNull(deployments.judgedAt))
  const end = db
    .update(deployments)
    .set({
      status: 'failed',
      exitCode: -1,
      reason: UNJUDGED,
      endedAt: sql`coalesce(${deployments.endedAt}, ${sql.placeholder('at')})`,
    })
    .where(and(unjudged, eq(deployments.status, 'running')))
    .prepare()
  const judge = db
    .update(deployments)
    .set({ judgedAt: sql`${sql.placeholder('at')}` })
    .where(unjudged)
    .prepare()
  return {
    /** It is over, whatever its events made of it: never again to be judged. Changes nothing where it was. */
    judged(id: number, at: number): void {
      end.run({ id, at })
      judge.run({ id, at })
    },
    /** Those whose process was not yet found gone. */
    toJudge: () => toJudge.all(),
    find: (id: number) => byId.get({ id }),
    /** Whether the build of this id that began at this time, milliseconds since 1970, is a deployment. */
    known(appId: number, buildId: string, startedAt: number): boolean {
      const found = known.get({ appId, buildId })
      return found !== undefined && !isOfAnother(found, startedAt)
    },
  }
}
