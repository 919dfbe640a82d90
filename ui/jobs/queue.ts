/**
 * Decides what runs when. A job is a row in SQLite whichever driver decides; the driver only picks the next one, so
 * what a page shows and what may run twice never depend on it.
 */
import type { Outcome } from './job.ts'
import type { JobRow } from './table.ts'

/** One go at a job. */
export interface Turn {
  readonly job: JobRow
  /** It was begun under a worker that is gone: whatever it started may still run, or have ended. */
  readonly takenUp: boolean
  /** Aborted with one of the reasons below. */
  readonly signal: AbortSignal
  progress(words: string): void
}

/** Somebody wants it ended. */
export const CANCELED = 'canceled'
/** This service ends; the next one takes it up. */
export const HANDED_OVER = 'handed over'
/** Another worker has it now: whatever this turn says is not written. */
export const LOST = 'lost'

/** Null when what was begun goes on without us and is to be taken up again. */
export type Work = (turn: Turn) => Promise<Outcome | null>

export interface Queue {
  /** Begins: takes up what a worker that is gone left behind, then works. */
  start(): Promise<void>
  /** These rows are there: they wait, or will from their time on. */
  offer(jobs: readonly JobRow[]): Promise<void>
  /** Takes a waiting job away, tells a running one to end. False when it was over. */
  cancel(id: number, by: string): Promise<boolean>
  /** From now on `due(name)` is called at these times. The row of the schedule is there already. */
  schedule(name: string, pattern: string): Promise<void>
  unschedule(name: string): Promise<void>
  /** Turns now. */
  running(): number
  /** Begins nothing more, and hands over or waits for what runs. */
  close(): Promise<void>
}

export interface QueueOptions {
  readonly work: Work
  /** A schedule's time has come. Called within the transaction that notes it. */
  readonly due: (name: string) => void
  /** Jobs whose rows changed, after the commit. */
  readonly onChanged?: (jobs: readonly JobRow[]) => void
  readonly onError?: (error: unknown) => void
  readonly now?: () => number
  /** So many at once, each of another app. */
  readonly concurrency?: number
  /** How long a worker that says nothing keeps its jobs. */
  readonly leaseMs?: number
}

export const CONCURRENCY = 4
export const LEASE_MS = 15_000
