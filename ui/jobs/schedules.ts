/** When jobs are asked for by the clock. */
import { Cron } from 'croner'
import { eq, lte } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { jobSchedules, type ScheduleRow } from './table.ts'

/** The first time after `at`; null when there is none, or the pattern is no pattern. */
export function nextTimeOf(pattern: string, at: number): number | null {
  try {
    return new Cron(pattern).nextRun(new Date(at))?.getTime() ?? null
  } catch {
    return null
  }
}

export const schedules = (db: Database) => ({
  all: (): ScheduleRow[] => db.select().from(jobSchedules).all(),
  named: (name: string): ScheduleRow | undefined =>
    db.select().from(jobSchedules).where(eq(jobSchedules.name, name)).get(),
  put(row: ScheduleRow): void {
    db.insert(jobSchedules).values(row).onConflictDoUpdate({ target: jobSchedules.name, set: row }).run()
  },
  remove(name: string): void {
    db.delete(jobSchedules).where(eq(jobSchedules.name, name)).run()
  },
  /** Those whose time has come, each once however many workers ask and however often it was missed. */
  takeDue(at: number): readonly string[] {
    const due = db.select().from(jobSchedules).where(lte(jobSchedules.nextAt, at)).all()
    for (const { name, pattern } of due) this.passed(name, pattern, at)
    return due.map(({ name }) => name)
  },
  /** Notes when it is next. */
  passed(name: string, pattern: string, at: number): void {
    const next = nextTimeOf(pattern, at) ?? Number.MAX_SAFE_INTEGER
    db.update(jobSchedules).set({ nextAt: next }).where(eq(jobSchedules.name, name)).run()
  },
})
