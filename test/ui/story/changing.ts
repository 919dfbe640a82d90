/** Forms sent to a seeded panel by an admin or a viewer: which jobs they ask for, what a bad one is told. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { methodOverride } from 'hono/method-override'
import { expect, onTestFinished } from 'vitest'
import * as z from 'zod'
import { recordAudit } from '../../../ui/audit/table.ts'
import { changing } from '../../../ui/changing.ts'
import { type AskEnv, asking } from '../../../ui/jobs/asking.ts'
import { ending } from '../../../ui/jobs/ending.ts'
import type { Kind } from '../../../ui/jobs/kind.ts'
import { type JobRow, jobs as rows } from '../../../ui/jobs/table.ts'
import { countsOf, pageReads } from '../../../ui/pages.ts'
import type { AppReport, ReportName } from '../../../ui/reports/report.ts'
import { keepReport, SERVER } from '../../../ui/reports/table.ts'
import { tell } from '../../../ui/web/errors.ts'
import { frame } from '../../../ui/web/frame.ts'
import { uploads } from '../../../ui/web/upload.ts'
import { newPlace, openJobs } from '../jobs/stage.ts'
import { NOW, seed } from './seed.ts'

export interface Answered {
  readonly status: number
  readonly text: string
  /** What was said of the form, "field: why". */
  readonly details: readonly string[]
}

const Refusal = z.object({ error: z.object({ details: z.array(z.string()) }) })
const Previewed = z.object({ commands: z.array(z.string()) })

/** One for one test, with which it ends. */
export function changingPanel(kinds: readonly Kind[]) {
  const { db } = seed()
  const reads = pageReads(db)
  const place = newPlace()
  onTestFinished(() => {
    db.$client.close()
    rmSync(place.folder, { recursive: true })
  })
  const jobs = openJobs(place, db, { kinds })
  const looked: string[] = []
  const notes: string[] = []
  const asks = {
    jobs,
    reads: reads.jobs,
    audit: recordAudit({ db, live: { publish() {} }, clock: () => NOW }),
    card: ({ command }: JobRow, _: number, note = '') => {
      if (note !== '') notes.push(note)
      return html`<p>${command}</p>`
    },
  }
  const ask = asking(asks)
  const end = ending(asks)
  const files = uploads(join(place.folder, 'uploads'), 1024 * 1024, {
    free: () => Number.POSITIVE_INFINITY,
  })
  const looks = { look: (app: string) => void looked.push(app), isLooking: () => false, shown() {} }
  const panel = (role: 'admin' | 'viewer') => {
    const app = new Hono<AskEnv>()
    return app
      .use(methodOverride({ app, query: 'method' }))
      .use(async (c, next) => {
        c.set('account', { id: 1, name: 'ada', role })
        c.set('visitor', { ip: '127.0.0.1', userAgent: 'test', https: false, origin: '' })
        await next()
      })
      .use(
        frame({ clock: () => NOW, asset: (name) => name, counts: countsOf(reads), position: () => 'run-0' }),
      )
      .route('/', changing({ ask, end, reads, looks, uploads: files }))
      .onError((error, c) => {
        const { status, details = [], text } = tell(error)
        return c.json({ error: { details, text } }, status)
      })
  }
  const keep = keepReport(db)
  const idOf = (app: string): number => reads.apps.named(app)?.id ?? -1

  const send = async (
    path: string,
    fields: Readonly<Record<string, string>>,
    { role = 'admin', preview = false }: { role?: 'admin' | 'viewer'; preview?: boolean } = {},
  ): Promise<Answered> => {
    const answer = await panel(role).request(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { 'hx-request': 'true', ...(preview && { 'dokkubase-preview': 'true' }) },
    })
    const text = await answer.text()
    const refusal = answer.status >= 400 ? Refusal.safeParse(JSON.parse(text)).data : undefined
    return { status: answer.status, text, details: refusal?.error.details ?? [] }
  }
  const asked = (): readonly string[] =>
    db
      .select({ command: rows.command })
      .from(rows)
      .all()
      .map(({ command }) => command)

  return {
    db,
    panel,
    jobs,
    folder: place.folder,
    reads,
    looked,
    /** What was said beside jobs as they were requested. */
    notes,
    send,
    /** What Dokku said of an app. */
    reported: (app: string, name: AppReport, body: unknown) => keep(idOf(app), name, body, NOW),
    server: (name: ReportName, body: readonly string[]) => keep(SERVER, name, body, NOW),
    /** Commands of all jobs asked for so far. */
    asked,
    /** What is told of a form that is refused; nothing is asked for by it. */
    async refused(path: string, fields: Readonly<Record<string, string>>): Promise<readonly string[]> {
      const before = asked()
      const { status, details } = await send(path, fields)
      expect([status, asked()]).toEqual([400, before])
      return details
    },
    previewed: async (path: string, fields: Readonly<Record<string, string>>): Promise<readonly string[]> =>
      Previewed.parse(JSON.parse((await send(path, fields, { preview: true })).text)).commands,
  }
}
