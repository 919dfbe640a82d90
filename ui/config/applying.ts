/** How changes reach Dokku: the values by one command, what is to go by a second one, and one restart at most. */
import type { RecordAudit } from '../audit/audit.ts'
import { isOver } from '../jobs/job.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { toInput } from './command.ts'
import { type Applying, begun, type Compared, type Draft, ended, isEmpty } from './draft.ts'
import type { Drafts } from './drafts.ts'

type Asked = ReturnType<Jobs['ask']>[number]

export interface ApplyingOptions {
  readonly drafts: Drafts
  readonly jobs: Pick<Jobs, 'ask' | 'watch'>
  readonly reads: { find(id: number): Asked | undefined }
  readonly audit: RecordAudit
  /** Its pages show what stands now; null: those of the server's. */
  readonly changed: (app: string | null) => void
  readonly now: () => number
}

export interface Wish {
  readonly restart: boolean
  readonly byRoot: boolean
  readonly by: Applying['by']
}

export type Applier = ReturnType<typeof applier>

export function applier({ drafts, jobs, reads, audit, changed, now }: ApplyingOptions) {
  const watched = new Map<number, () => void>()

  const ask = (
    app: string | null,
    { account }: Draft,
    kind: string,
    payload: object,
    wish: Wish,
    text?: string,
  ) => {
    const request = { kind, payload: { app, ...payload, byRoot: wish.byRoot } }
    const [job] = jobs.ask([text === undefined ? request : { ...request, input: { text } }], account)
    if (job === undefined) throw new Error(`no job was made of ${kind}`)
    const { command: subject, id } = job
    audit({ who: account.name, action: 'job asked', subject, by: wish.by, after: { job: id } })
    return job
  }

  const unset = (app: string | null, draft: Draft, keys: readonly string[], wish: Wish) =>
    ask(app, draft, 'config:unset', { keys, restart: wish.restart }, wish)

  /** Where both are to be done, what is set goes first, without a restart; the rest only when that went well. */
  const first = (
    app: string | null,
    draft: Draft,
    all: readonly Compared[],
    wish: Wish,
  ): [Asked, string[]] => {
    const gone = all.flatMap(({ kind, edit }) => (kind === 'removed' ? [edit.key] : []))
    const set = all.flatMap(({ kind, edit: { key, value } }) =>
      (kind === 'added' || kind === 'changed') && value !== null ? ([[key, value]] as const) : [],
    )
    if (set.length === 0) return [unset(app, draft, gone, wish), []]
    const restart = wish.restart && gone.length === 0
    const keys = set.map(([key]) => key)
    return [ask(app, draft, 'config:import', { keys, restart }, wish, toInput(set)), gone]
  }

  /** What came of it, looked up in its jobs: also after a restart of the panel in the midst. */
  const settle = (app: string | null, account: Draft['account']): Draft => {
    const draft = drafts.find(account, app)
    const { applying } = draft
    if (applying === null) return draft
    const job = reads.find(applying.job)
    if (job !== undefined && !isOver(job.state)) {
      watch(app, account, job.id)
      return draft
    }
    const went = job?.state === 'succeeded'
    const next = went && applying.unsetting.length > 0 ? goOn(app, draft, applying) : null
    const settled = next ?? ended(draft, went ? 'applied' : 'failed', job?.endedAt ?? now())
    drafts.put(app, settled)
    changed(app)
    if (next !== null) watch(app, account, next.applying?.job ?? 0)
    return settled
  }

  const goOn = (app: string | null, draft: Draft, applying: Applying): Draft => {
    const job = unset(app, draft, applying.unsetting, applying)
    return { ...draft, applying: { ...applying, job: job.id, unsetting: [] } }
  }

  const watch = (app: string | null, account: Draft['account'], id: number): void => {
    if (watched.has(id)) return
    const leave = jobs.watch(id, () => {
      if (!isOver(reads.find(id)?.state ?? 'interrupted')) return
      watched.get(id)?.()
      watched.delete(id)
      // Not while the queue is still at the end of this one.
      setImmediate(settle, app, account)
    })
    watched.set(id, leave)
  }

  return {
    settle,
    /** The job to look at, null where Dokku has it all as it is to be. */
    apply(app: string | null, draft: Draft, all: readonly Compared[], wish: Wish): Asked | null {
      if (all.every(({ kind }) => kind === 'as it is')) {
        drafts.remove(draft.account.id, app)
        changed(app)
        return null
      }
      const at = now()
      const [job, unsetting] = first(app, draft, all, wish)
      drafts.put(app, begun(draft, { ...wish, job: job.id, edits: draft.edits, unsetting }, at))
      watch(app, draft.account, job.id)
      changed(app)
      return job
    },
    /** Takes up what was under way, and takes away what nobody can come back to. */
    sweep(mayComeBack: (draft: Draft, app: string | null) => boolean): void {
      for (const { app, draft } of drafts.all()) {
        if (draft.applying === null && (isEmpty(draft) || !mayComeBack(draft, app)))
          drafts.remove(draft.account.id, app)
        else settle(app, draft.account)
      }
    },
    close(): void {
      for (const leave of watched.values()) leave()
    },
  }
}
