/** Every value of an indexed column but null, in order. */
import type { Database } from './database.ts'

/** By jumping from one to the next: `distinct` would read the whole index. */
export function distinct(db: Database, table: string, column: string): () => readonly string[] {
  const jumps = db.$client
    .prepare(
      `with recursive jump(value) as (
        select min(${column}) from ${table}
        union all
        select (select min(${column}) from ${table} where ${column} > jump.value) from jump where jump.value is not null
      ) select value from jump where value is not null`,
    )
    .pluck()
  return () => jumps.all().map(String)
}
