/** The floor under recording: the rows of the journal, by better-sqlite3 alone, into the same table with its indexes. */
import type { Database } from '../../ui/database/database.ts'

export function insertRaw(db: Database, rows: readonly unknown[][], batch: number): void {
  const insert = rawInsert(db)
  for (let from = 0; from < rows.length; from += batch)
    db.$client.transaction(() => {
      for (const row of rows.slice(from, from + batch)) insert.run(row)
    })()
  const count = db.$client.prepare('select count(*) from events').pluck().get()
  if (count !== rows.length) throw new Error(`${count} of ${rows.length} rows were inserted`)
}

export const rawInsert = (db: Database) => {
  const columns = db.$client.prepare(`select count(*) from pragma_table_info('events')`).pluck().get()
  return db.$client.prepare(`insert into events values (${Array(Number(columns)).fill('?').join(', ')})`)
}
