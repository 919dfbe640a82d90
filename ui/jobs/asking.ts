/** How a page asks for a job: who may, what is noted, and what the page gets back at once. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { SignedIn } from '../accounts/account.ts'
import type { RecordAudit } from '../audit/audit.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { moreJobs } from './card.ts'
import type { Given } from './input.ts'
import type { Jobs } from './jobs.ts'
import type { JobReads, JobRow } from './table.ts'

export type AskEnv = { Variables: SignedIn['Variables'] & { frame: Frame } }

/** Sent while a form is filled in: what would run is answered, and nothing is asked. */
const PREVIEW = 'dokkubase-preview'

export interface Wanted {
  /** Name of a kind. Its ZodError, when the payload does not fit, is the form's to show. */
  readonly kind: string
  readonly payload: unknown
  readonly input?: Given
  /** What whoever requests it is to know of it; empty: nothing. */
  readonly note?: string
}

/**
 * Requests these jobs, all or none, in the name of whoever is signed in. With script the answer is a card for each that
 * follows its job; without it the page of the job, or the list where there are several. A command that waits already,
 * or was begun by the first half of a double click, is not added again: the answer says so, and shows the job that is
 * there. None at all is a form in which nothing was changed.
 */
export type Ask = (c: Context<AskEnv>, ...wanted: readonly Wanted[]) => Response | Promise<Response>

export interface AskingOptions {
  readonly jobs: Pick<Jobs, 'ask' | 'command'>
  readonly reads: Pick<JobReads, 'openLike'>
  readonly audit: RecordAudit
  readonly card: (job: JobRow, now: number, note?: string) => Html
}

/** So many are followed in the corner; the others have their list. */
const MOST_CARDS = 3
/** The same command requested twice within this time is a double click, even if the first has begun. */
const DOUBLE_CLICK_MS = 5_000

export const asking = ({ jobs, reads, audit, card }: AskingOptions): Ask =>
  async function ask(c, ...wanted) {
    const { account, visitor: by, frame } = c.var
    if (c.req.header(PREVIEW) === 'true') return c.json({ commands: wanted.map(jobs.command) })
    if (wanted.length === 0)
      throw new HTTPException(400, { message: 'Nothing was changed, so nothing is to do' })
    const since = frame.now - DOUBLE_CLICK_MS
    const open = wanted.map((one) =>
      one.input ? undefined : reads.openLike(one.kind, jobs.command(one), since),
    )
    const added = wanted.filter((_, at) => open[at] === undefined)
    const asked = jobs.ask(added, account)
    const notes = new Map(asked.map(({ id }, at) => [id, added[at]?.note]))
    for (const job of asked)
      audit({ who: account.name, action: 'job asked', subject: job.command, by, after: { job: job.id } })
    const already = open.filter((job) => job !== undefined)
    const all = [...already, ...asked]
    if (c.req.header('hx-request') !== 'true') {
      const to = all.length === 1 ? `/jobs/${all[0]?.id}` : '/jobs'
      return c.redirect(already.length === 0 ? to : `${to}?already=${already.length}`, 303)
    }
    const cards = await Promise.all(
      all
        .slice(0, MOST_CARDS)
        .map((job) => card(job, frame.now, asked.includes(job) ? notes.get(job.id) : NOT_ADDED)),
    )
    const more = all.length > MOST_CARDS ? await moreJobs(all.length - MOST_CARDS) : ''
    return c.html(`${cards.join('')}${more}`)
  }

const NOT_ADDED = 'The same command was requested before, so it was not added again.'
