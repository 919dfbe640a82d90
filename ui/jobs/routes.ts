import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { SignedIn } from '../accounts/account.ts'
import { requireRole } from '../accounts/guard.ts'
import type { RecordAudit } from '../audit/audit.ts'
import type { Admit } from '../live/admission.ts'
import { type Bound, download, joined, someLines } from '../logs/answers.ts'
import { lastLines } from '../logs/copies.ts'
import { plain } from '../logs/line.ts'
import { copiedPane, copiedSource } from '../logs/shown.ts'
import { type LineSource, lineStreams, type StreamOptions } from '../logs/stream.ts'
import { NotFound } from '../web/errors.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { jobCard } from './card.ts'
import { type DeploymentOfJob, isOver, subjectOf } from './job.ts'
import type { Jobs } from './jobs.ts'
import { filterOf, JobsQuery, MOST, PAGE } from './list.ts'
import { jobPage } from './page-views.ts'
import type { JobReads, JobRow } from './table.ts'
import { appsOf } from './two-apps.ts'
import { jobsPage } from './views.ts'

export interface JobRoutesOptions {
  readonly jobs: Jobs
  readonly reads: JobReads
  readonly audit: RecordAudit
  readonly knowsApp: (name: string) => boolean
  readonly admit: Admit
  /** What may help a job that is stuck or failed: shown above its output. */
  readonly remedy?: (job: JobRow, frame: Frame) => Html | ''
  /** The deployment that a job began. */
  readonly deploymentOf?: (job: JobRow) => DeploymentOfJob | undefined
  /** Name of the app that a job of this kind makes. */
  readonly makes?: (job: JobRow) => string | undefined
  readonly stream?: StreamOptions
}

type JobEnv = Bound & { Variables: SignedIn['Variables'] & { frame: Frame } }

/** No command goes on for so long without a word but one that waits in vain. */
const SILENT_MS = 10 * 60_000

export function jobRoutes(options: JobRoutesOptions) {
  const { jobs, reads, audit, knowsApp, admit, remedy = () => '', makes = () => undefined } = options
  const { deploymentOf = () => undefined } = options
  const streams = lineStreams(options.stream)

  const found = (c: Context<JobEnv>): JobRow => {
    const job = reads.find(Number(c.req.param('id')))
    if (job === undefined) throw new NotFound(`There is no job ${c.req.param('id')}.`)
    return job
  }

  const routes = new Hono<JobEnv>()
    .get('/jobs', (c) => {
      const query = JobsQuery.parse(c.req.query())
      const { before, downTo } = query
      const limit = downTo === undefined ? PAGE + 1 : MOST
      const all = reads.page(filterOf(query), { before, downTo, limit })
      const rows = downTo === undefined ? all.slice(0, PAGE) : all
      const more = all.length > rows.length
      const running = reads.countRunning()
      return c.html(jobsPage(c.get('frame'), { query, rows, more, running, ...reads.choices(query.app) }))
    })
    .get('/jobs/:id{[0-9]+}', (c) => {
      const job = found(c)
      return c.html(
        jobPage(c.get('frame'), {
          job,
          appKnown: knowsApp(subjectOf(job) ?? ''),
          mayAct: c.get('account').role === 'admin',
          mayRetry: jobs.mayRetry(job),
          retriedBy: reads.retryOf(job.id)?.id ?? null,
          silentMs: silentFor(job, c.get('frame').now),
          already: c.req.query('already') !== undefined,
          deployment: deploymentOf(job),
          remedy: remedy(job, c.get('frame')),
          output: paneOf(job),
        }),
      )
    })
    .get('/jobs/:id{[0-9]+}/card', (c) => c.html(card(found(c), c.get('frame').now)))
    .get('/jobs/:id{[0-9]+}/output', (c) => {
      const { id } = found(c)
      return download(c, `job-${id}.log`, jobs.output.text(id))
    })
    .get('/jobs/:id{[0-9]+}/output/lines', (c) => {
      const { id, reasonLines } = found(c)
      return someLines(c, jobs.output, id, reasonLines)
    })
    .get('/jobs/:id{[0-9]+}/output/stream', (c) => {
      const { id } = found(c)
      return joined(streams, c, `job ${id}`, () => sourceOf(id), admit)
    })
    .post('/jobs/:id{[0-9]+}/cancellation', requireRole('admin'), async (c) => {
      const job = found(c)
      const { account, visitor: by } = c.var
      // Whoever comes too late changed nothing, and the page says how the job ended.
      if (await jobs.cancel(job.id, account))
        audit({ who: account.name, action: 'job canceled', subject: job.command, by, after: { job: job.id } })
      return c.redirect(`/jobs/${job.id}`, 303)
    })
    .post('/jobs/:id{[0-9]+}/retries', requireRole('admin'), (c) => {
      const job = found(c)
      const { account, visitor: by } = c.var
      // A second click finds what the first one asked for.
      const already = reads.retryOf(job.id)
      if (already && !isOver(already.state)) return c.redirect(`/jobs/${already.id}`, 303)
      const again = jobs.retry(job, account)
      if (again === null) return c.redirect(`/jobs/${job.id}`, 303)
      const after = { job: again.id, 'again after job': job.id }
      audit({ who: account.name, action: 'job run again', subject: job.command, by, after })
      return c.redirect(`/jobs/${again.id}`, 303)
    })

  /** What runs of one of its apps, so that it waits. */
  const before = (job: JobRow): number | undefined =>
    appsOf(job)
      .map((app) => (app === null ? undefined : reads.runningOf(app)?.id))
      .find((id) => id !== undefined)

  const card = (job: JobRow, now: number, note = ''): Html => {
    const lines = lastLines(jobs.output, job.id, CARD_LINES)
    return jobCard(
      job,
      {
        lines: lines.map(([, , text]) => plain(text)),
        waitsFor: job.state === 'waiting' ? before(job) : undefined,
        made: job.state === 'succeeded' ? makes(job) : undefined,
        note,
      },
      now,
    )
  }

  const paneOf = (job: JobRow): Html =>
    copiedPane(jobs.output, job.id, {
      label: `Output of job ${job.id}`,
      address: `/jobs/${job.id}/output`,
      goesOn: !isOver(job.state),
      bad: job.reasonLines,
      nothing: isOver(job.state) ? SILENT : WAITING,
    })

  /** A job that is tried again or waits for its turn says more later, so only its row knows whether it has ended. */
  const sourceOf = (id: number): LineSource => {
    const source = copiedSource(jobs.output, id, true)
    const ended = () => isOver(reads.find(id)?.state ?? 'canceled')
    return {
      ...source,
      ended: () => !jobs.output.running(id) && ended(),
      farewell: () => JSON.stringify({ bad: reads.find(id)?.reasonLines ?? [] }),
      watch(onChange) {
        const leave = [source.watch(onChange), jobs.watch(id, onChange)]
        return () => {
          for (const each of leave) each()
        }
      },
    }
  }

  const silentFor = ({ id, state, startedAt }: JobRow, now: number): number | null => {
    if (state !== 'running' || startedAt === null) return null
    const [[, ms = 0] = []] = lastLines(jobs.output, id, 1)
    const silent = now - startedAt - ms
    return silent > SILENT_MS ? silent : null
  }

  return {
    routes,
    card,
    /** Cards of what somebody asked for lately. */
    cards: (account: number, now: number): Html =>
      html`${reads.lately(account, now - JUST_NOW_MS).map((job) => card(job, now))}`,
    close: streams.close,
  }
}

/** So many last lines stand in the corner of a page. */
const CARD_LINES = 4
/** A job that ended is still told of on the next page, for so long. */
const JUST_NOW_MS = 6_000

const WAITING = { title: 'No output yet', text: 'The first line appears here as Dokku writes it.' }
const SILENT = { title: 'No output', text: 'The command said nothing, or was not begun.' }
