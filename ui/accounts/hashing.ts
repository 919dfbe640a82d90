/** Password hashes by bcrypt in a worker thread that lives only while there is work. */
import { Worker } from 'node:worker_threads'
import { HTTPException } from 'hono/http-exception'

export type Question =
  | { readonly kind: 'hash'; readonly password: string; readonly cost: number }
  | { readonly kind: 'verify'; readonly password: string; readonly hash: string }

export type Answer =
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'verify'; readonly matches: boolean }
  | { readonly kind: 'refused'; readonly reason: string }

export interface PasswordHashing {
  hash(password: string): Promise<string>
  /** Takes as long for `null` (no such account) as for a real hash, so the time tells nothing. */
  verify(password: string, hash: string | null, options?: VerifyOptions): Promise<boolean>
  /** True while the thread is up; for tests and for whoever counts memory. */
  isRunning(): boolean
  close(): Promise<void>
}

export interface VerifyOptions {
  /** Of somebody known: checked before those of strangers, who also leave room in the queue. */
  readonly first?: boolean
}

/** Passwords that wait. At a quarter of a second each, whoever came later would wait ten seconds and more. */
const LONGEST_QUEUE = 32
/** Of these at most so many are strangers'. */
const MOST_OF_STRANGERS = 16

// From source the worker is a .ts beside this file; bundled it is dist/password-worker.js beside dist/main.js.
const WORKER = import.meta.url.endsWith('.ts')
  ? new URL('./password-worker.ts', import.meta.url)
  : new URL('./password-worker.js', import.meta.url)

interface Waiting {
  readonly question: Question
  readonly first: boolean
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

export function passwordHashing({ cost = 12, idleMs = 20_000 } = {}): PasswordHashing {
  const queue: Waiting[] = []
  let current: Waiting | undefined
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined

  const failAll = (error: Error) => {
    for (const { reject } of [...(current ? [current] : []), ...queue.splice(0)]) reject(error)
    current = undefined
  }
  const end = async () => {
    clearTimeout(idle)
    const ending = worker
    worker = undefined
    failAll(new Error('the panel is stopping'))
    await ending?.terminate()
  }
  const start = (): Worker => {
    // Flags this process was started with (--watch, --input-type) are not for a file of its own.
    const started = new Worker(WORKER, { execArgv: [] })
    const fail = (error: Error) => {
      if (worker !== started) return
      worker = undefined
      failAll(error)
    }
    started.on('message', (answer: Answer) => {
      current?.resolve(answer)
      current = undefined
      next()
    })
    started.on('error', fail)
    started.on('exit', () => fail(new Error('the password thread ended early')))
    return started
  }
  /** One at a time, so that whoever goes first need not wait for all who came before. */
  const next = () => {
    if (current !== undefined) return
    const first = queue.findIndex((waiting) => waiting.first)
    ;[current] = queue.splice(Math.max(0, first), 1)
    if (current !== undefined) return worker?.postMessage(current.question)
    // A thread with nothing to do must not keep a stopping process alive.
    worker?.unref()
    idle = setTimeout(end, idleMs).unref()
  }
  const ask = (question: Question, first: boolean): Promise<Answer> => {
    const waiting = queue.length + (current === undefined ? 0 : 1)
    if (waiting >= (first ? LONGEST_QUEUE : MOST_OF_STRANGERS)) return Promise.reject(new HTTPException(503))
    clearTimeout(idle)
    worker ??= start()
    worker.ref()
    return new Promise((resolve, reject) => {
      queue.push({ question, first, resolve, reject })
      next()
    })
  }

  return {
    async hash(password) {
      const answer = await ask({ kind: 'hash', password, cost }, true)
      if (answer.kind !== 'hash')
        throw new Error(answer.kind === 'refused' ? answer.reason : 'no hash came back')
      return answer.hash
    },
    async verify(password, hash, { first = false } = {}) {
      const answer = await ask({ kind: 'verify', password, hash: hash ?? nobodys(cost) }, first)
      return answer.kind === 'verify' && answer.matches && hash !== null
    },
    isRunning: () => worker !== undefined,
    close: end,
  }
}

/** A hash nothing matches, of the same cost as real ones. */
const nobodys = (cost: number): string =>
  `$2b$${String(cost).padStart(2, '0')}$${'dokkubaseNobodyHasThis'.slice(0, 22)}${'u'.repeat(31)}`
