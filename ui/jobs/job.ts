/** A job: one Dokku command somebody asked for, its output and its outcome. */
import * as z from 'zod'

export const STATES = [
  'waiting',
  'delayed',
  'running',
  'succeeded',
  'failed',
  'canceled',
  'interrupted',
] as const
export type JobState = (typeof STATES)[number]

/** A job as another page names it. */
export interface JobInBrief {
  readonly id: number
  readonly state: JobState
  /** As it is shown. */
  readonly command: string
  readonly reason: string
  /** Dokku's; null where it never answered. */
  readonly exitCode: number | null
}

/** The deployment that a job began. */
export interface DeploymentOfJob {
  readonly app: string
  readonly number: number
}

/** Lower runs first. */
export const PRIORITIES = { now: 1, usual: 10, background: 100 } as const
export type Priority = keyof typeof PRIORITIES

/** How a job's turn ended. A failed one may have another turn. */
export interface Outcome {
  readonly state: 'succeeded' | 'failed' | 'canceled' | 'interrupted'
  /** Dokku's; null where it never answered. */
  readonly exitCode: number | null
  /** In words, where the state alone says too little. */
  readonly reason: string
  /** Lines of its output that say so. */
  readonly lines?: readonly number[]
}

export const isOver = (state: JobState): boolean =>
  state !== 'waiting' && state !== 'delayed' && state !== 'running'

/**
 * The app a job is about; null: the server. A few jobs name an app and hold none, so as not to wait for what they
 * are to end.
 */
export function subjectOf({
  app,
  payload,
}: {
  readonly app: string | null
  readonly payload: unknown
}): string | null {
  return app ?? Subject.safeParse(payload).data?.app ?? null
}

const Subject = z.object({ app: z.string() })

/** When a job that failed so many times is tried again: each time it waits twice as long. */
export const nextTry = (
  { attempts, backoffMs }: { readonly attempts: number; readonly backoffMs: number },
  now: number,
): number => now + backoffMs * 2 ** Math.max(0, attempts - 1)

/** As it would be typed: quoted where a shell would read it otherwise, without the password of an address. */
export const typed = (command: readonly string[]): string =>
  command.map((argument) => quoted(withoutPassword(argument))).join(' ')

const quoted = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`

/**
 * On the web what stands before the @ of an address may be a token; elsewhere the name is no secret and the password is.
 * No more of either is ever stored or shown.
 */
export const withoutPassword = (argument: string): string =>
  argument
    .replace(/\b(https?:\/\/)[^\s/?#]*@/gi, '$1***@')
    .replace(/\b([a-z][a-z\d+.-]{0,30}:\/\/[^\s/?#:@]*:)[^\s/?#]*@/gi, '$1***@')
