/** What people and the clock ask for, as jobs: asked, canceled, tried again, kept. */
import type { Database } from '../database/database.ts'
import type { Live } from '../live/live.ts'
import { watchers } from '../live/watchers.ts'
import { chunkWriter } from '../logs/chunks.ts'
import { type Copies, copies } from '../logs/copies.ts'
import { OUTPUT_BOUNDS } from '../logs/log.ts'
import { logStore } from '../logs/store.ts'
import { type Given, inputs } from './input.ts'
import { isOver, PRIORITIES, typed } from './job.ts'
import { isText, type Kind, kindsOf } from './kind.ts'
import type { Queue, QueueOptions } from './queue.ts'
import { jobRows } from './rows.ts'
import { type JobGate, running } from './running.ts'
import { nextTimeOf, schedules } from './schedules.ts'
import { type JobRow, jobOutputChunks, jobOutputs } from './table.ts'
import { tellings } from './tellings.ts'

/** Who asks. `id` is null where the clock does. */
export interface Asker {
  readonly id: number | null
  readonly name: string
}

export interface Request {
  readonly kind: string
  /** Checked by the kind; a ZodError says what is wrong with it. */
  readonly payload: unknown
  /** For a kind that is given something by stdin. */
  readonly input?: Given
  /** Not before this time. */
  readonly runAt?: number
}

export interface Jobs {
  /** All of them or none; each is there when this returns, also for whoever reads the database. */
  ask(requests: readonly Request[], by: Asker): JobRow[]
  /** What would be run, as it would be typed. Throws a ZodError where that cannot be asked for. */
  command(request: Pick<Request, 'kind' | 'payload'>): string
  /** False when it was over. */
  cancel(id: number, by: Asker): Promise<boolean>
  /** The same once more, as a job of its own; null where that is not safe or nobody knows what it was given. */
  retry(job: JobRow, by: Asker): JobRow | null
  mayRetry(job: JobRow): boolean
  /** Asks by the clock, under a name; replaces what had it. */
  schedule(
    name: string,
    pattern: string,
    request: Pick<Request, 'kind' | 'payload'>,
    by: Asker,
  ): Promise<void>
  unschedule(name: string): Promise<void>
  /** What the commands said. */
  readonly output: Copies
  /** Bytes on the disk of what open jobs are given by stdin. */
  inputBytes(): number
  /** Told when the row of this job changes. */
  watch(id: number, onChange: () => void): () => void
  start(): Promise<void>
  close(): Promise<void>
}

export interface JobsOptions {
  readonly db: Database
  readonly live: Pick<Live, 'publish'>
  readonly kinds: readonly Kind[]
  readonly gate: JobGate
  /** Folder of the panel's own, for what commands are given by stdin. */
  readonly inputs: string
  /** Folder in which the gate has one for each job. */
  readonly outputs: string
  /** One of the drivers. */
  readonly queue: (options: QueueOptions) => Queue
  readonly now?: () => number
  readonly onError?: (error: unknown) => void
  /** A job is over: what its command may have changed is there to be read. */
  readonly onOver?: (job: JobRow) => void
}

export function jobs(options: JobsOptions): Jobs {
  const { db, live, gate, now = Date.now, onError = () => {} } = options
  const kinds = kindsOf(options.kinds)
  const rows = jobRows(db)
  const times = schedules(db)
  const given = inputs(options.inputs)
  const store = logStore(db, jobOutputs, jobOutputChunks)
  const output = copies({ db, store, builds: options.outputs, bounds: OUTPUT_BOUNDS, onError, now })
  const said = tellings(output, (id) => live.publish([`job-output:${id}`]))
  const watching = watchers()

  const changed = (all: readonly JobRow[]): void => {
    for (const job of all) {
      const { id, state, input } = job
      if (state === 'running') said.follow(id)
      else said.leave(id)
      if (input && isOver(state)) given.remove(id)
      if (isOver(state)) options.onOver?.(job)
      watching.tell(id)
    }
    live.publish(['jobs', ...all.map(({ id }) => `job:${id}`)])
  }
  const outputAgain = ({ id, attempts, mostAttempts, startedAt }: JobRow): void => {
    const below = chunkWriter(store, id, OUTPUT_BOUNDS)
    below.append(Buffer.from(`--- Try ${attempts} of ${mostAttempts} ---`), now() - (startedAt ?? now()))
    below.save(0, false)
  }
  const queue = options.queue({
    work: running({
      gate,
      outputs: options.outputs,
      kinds,
      inputs: given,
      output,
      outputAgain,
      canceledBy: ({ id, who }) => rows.find(id)?.canceledBy ?? who,
      onError,
      now,
    }),
    due: (name) => due(name),
    onChanged: changed,
    onError,
    now,
  })

  const known = (name: string): Kind => {
    const kind = kinds.get(name)
    if (kind === undefined) throw new Error(`there is no kind of job ${name}`)
    return kind
  }

  const add = (request: Request, by: Asker, more: Partial<JobRow> = {}): JobRow[] => {
    const { name, priority, repeat, read, input } = known(request.kind)
    const { app, command } = read(request.payload)
    checkInput(name, input, request.input)
    const job = {
      kind: name,
      app,
      accountId: by.id,
      who: by.name,
      payload: request.payload,
      command: typed(['dokku', ...command]),
      input: input !== null,
      priority: PRIORITIES[priority],
      runAt: request.runAt ?? now(),
      mostAttempts: repeat?.times ?? 1,
      backoffMs: repeat?.backoffMs ?? 0,
      retryOf: null,
      schedule: null,
      ...more,
    }
    const added = rows.add([job], now())
    // Within the transaction: the file is there before anybody can see the row.
    for (const { id } of added) if (request.input) given.put(id, request.input)
    return added
  }

  const offer = (added: readonly JobRow[]): void => {
    live.publish(['jobs'])
    queue.offer(added).catch(onError)
  }

  const due = (name: string): void => {
    const schedule = times.named(name)
    if (schedule === undefined) return
    try {
      offer(add(schedule, { id: schedule.accountId, name: schedule.who }, { schedule: name }))
    } catch (error) {
      onError(error)
    }
  }

  const mayRetry = ({ kind, input, state }: JobRow): boolean =>
    !input && isOver(state) && state !== 'succeeded' && (kinds.get(kind)?.repeat ?? null) !== null

  return {
    output,
    inputBytes: given.bytes,
    mayRetry,
    ask(requests, by) {
      const added = db.transaction(() => requests.flatMap((request) => add(request, by)))
      offer(added)
      return added
    },
    command: ({ kind, payload }) => typed(['dokku', ...known(kind).read(payload).command]),
    cancel: (id, by) => queue.cancel(id, by.name),
    watch: watching.watch,
    retry(job, by) {
      if (!mayRetry(job)) return null
      const [again = null] = add({ kind: job.kind, payload: job.payload }, by, { retryOf: job.id })
      if (again) offer([again])
      return again
    },
    async schedule(name, pattern, { kind, payload }, by) {
      known(kind).read(payload)
      const nextAt = nextTimeOf(pattern, now())
      if (nextAt === null) throw new Error(`${pattern} is no time that ever comes`)
      times.put({ name, pattern, kind, payload, accountId: by.id, who: by.name, nextAt })
      await queue.schedule(name, pattern)
    },
    async unschedule(name) {
      times.remove(name)
      await queue.unschedule(name)
    },
    async start() {
      given.sweep((id) => {
        const job = rows.find(id)
        return job !== undefined && !isOver(job.state)
      })
      await queue.start()
    },
    async close() {
      await queue.close()
      said.close()
      output.close()
    },
  }
}

/** Text for those that want text, a file for those that want one, and nothing for the others. */
function checkInput(name: string, wanted: Kind['input'], input: Given | undefined): void {
  const fits = isText(wanted) ? 'text' : wanted === 'file' ? 'file' : null
  const is = input === undefined ? null : 'text' in input ? 'text' : 'file'
  if (fits !== is) throw new Error(`${name} is given ${fits ?? 'nothing'} by stdin, not ${is ?? 'nothing'}`)
  if (isText(wanted) && input !== undefined && 'text' in input) wanted.check(input.text)
}
