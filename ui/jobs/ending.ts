/** How a page has a job ended that runs: the answer follows it to its end. */
import type { Context } from 'hono'
import type { RecordAudit } from '../audit/audit.ts'
import type { Html } from '../web/layout.ts'
import type { AskEnv } from './asking.ts'
import type { Jobs } from './jobs.ts'
import type { JobReads, JobRow } from './table.ts'

/** Cancels it in the name of whoever is signed in. With script a card of it, without its page. */
export type End = (c: Context<AskEnv>, id: number) => Promise<Response>

export interface EndingOptions {
  readonly jobs: Pick<Jobs, 'cancel'>
  readonly reads: Pick<JobReads, 'find'>
  readonly audit: RecordAudit
  readonly card: (job: JobRow, now: number) => Html
}

export const ending = ({ jobs, reads, audit, card }: EndingOptions): End =>
  async function end(c, id) {
    const { account, visitor: by, frame } = c.var
    const canceled = await jobs.cancel(id, account)
    const job = reads.find(id)
    if (canceled && job)
      audit({ who: account.name, action: 'job canceled', subject: job.command, by, after: { job: id } })
    if (c.req.header('hx-request') !== 'true' || job === undefined) return c.redirect(`/jobs/${id}`, 303)
    return c.html(card(job, frame.now))
  }
