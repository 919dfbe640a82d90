/** What a job needs of the gate: a command that outlives the panel, and what there is to see of it. */
import type { Command } from '../dokku/dokku.ts'

export interface JobGate {
  /** Throws DokkuError for what the gate refuses. */
  start(
    job: string,
    user: string,
    command: Command,
    options?: { readonly stdin?: string },
  ): Promise<'started' | 'there already'>
  cancel(job: string): Promise<'canceled' | 'not running'>
  /** Null when the gate knows no such job. */
  read(job: string): { readonly state: Standing } | null
}

export type Standing =
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly exitCode: number }
  /** It ended and nobody knows how. */
  | { readonly kind: 'lost' }
