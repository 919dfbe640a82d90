import { and, asc, desc, eq, gt, inArray, lte, sql } from 'drizzle-orm'
import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Database } from '../database/database.ts'

/** How far a copy has come. `key` names the column with the number of what the log is of. */
export const logTable = (name: string, key: string) =>
  sqliteTable(name, {
    of: integer(key).primaryKey(),
    /** Bytes read from the file so far, and whole lines among them. */
    bytes: integer('bytes').notNull().default(0),
    lines: integer('lines').notNull().default(0),
    /** Lines dropped from the middle because the log grew past its bound. */
    droppedLines: integer('dropped_lines').notNull().default(0),
    complete: integer('complete', { mode: 'boolean' }).notNull().default(false),
  })

/** A log itself in zstd-compressed pieces of whole lines. */
export const chunkTable = (name: string, key: string) =>
  sqliteTable(
    name,
    {
      of: integer(key).notNull(),
      /** Number of its first line, from 1. */
      firstLine: integer('first_line').notNull(),
      lines: integer('lines').notNull(),
      rawBytes: integer('raw_bytes').notNull(),
      /** [line number, ms since the deployment or the job started] for each time a batch of lines came. */
      times: text('times', { mode: 'json' }).$type<readonly (readonly [number, number])[]>().notNull(),
      data: blob('data', { mode: 'buffer' }).notNull(),
    },
    (t) => [primaryKey({ columns: [t.of, t.firstLine] })],
  )

export type LogTable = ReturnType<typeof logTable>
export type ChunkTable = ReturnType<typeof chunkTable>

export type LogRow = LogTable['$inferSelect']
export type ChunkRow = ChunkTable['$inferSelect']
export type ChunkHead = Pick<ChunkRow, 'firstLine' | 'lines' | 'rawBytes'>

export type LogStore = ReturnType<typeof logStore>

export function logStore(db: Database, logs: LogTable, logChunks: ChunkTable) {
  const { of: key, firstLine, lines, rawBytes } = logChunks
  const id = sql.placeholder('id')
  const log = db.select().from(logs).where(eq(logs.of, id)).prepare()
  const heads = db
    .select({ firstLine, lines, rawBytes })
    .from(logChunks)
    .where(eq(key, id))
    .orderBy(asc(firstLine))
    .prepare()
  const line = sql.placeholder('line')
  const before = db
    .select()
    .from(logChunks)
    .where(and(eq(key, id), lte(firstLine, line)))
    .orderBy(desc(firstLine))
    .limit(1)
    .prepare()
  const after = db
    .select()
    .from(logChunks)
    .where(and(eq(key, id), gt(firstLine, line)))
    .orderBy(asc(firstLine))
    .limit(1)
    .prepare()

  return {
    log: (of: number): LogRow | undefined => log.get({ id: of }),
    heads: (of: number): readonly ChunkHead[] => heads.all({ id: of }),
    /** The piece that holds the line, or where that was left out, the one after it. */
    chunkWith(of: number, line: number): ChunkRow | undefined {
      const chunk = before.get({ id: of, line })
      return chunk && chunk.firstLine + chunk.lines > line ? chunk : after.get({ id: of, line })
    },
    /** All or nothing: the row says how far the file was read, so the pieces must say the same. */
    save(row: LogRow, chunks: readonly ChunkRow[], dropped: readonly number[]): void {
      db.transaction((tx) => {
        for (const chunk of chunks)
          tx.insert(logChunks)
            .values(chunk)
            .onConflictDoUpdate({ target: [key, firstLine], set: chunk })
            .run()
        if (dropped.length > 0)
          tx.delete(logChunks)
            .where(and(eq(key, row.of), inArray(firstLine, [...dropped])))
            .run()
        tx.insert(logs).values(row).onConflictDoUpdate({ target: logs.of, set: row }).run()
      })
    },
  }
}
