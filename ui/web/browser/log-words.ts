/** What the one status line of a log says, and in which colour. */
import { lookup } from '../lookup.ts'
import type { Connection } from './log-stream.ts'

export type Said = readonly [text: string, tone: 'good' | 'busy' | 'warn' | 'bad' | 'off']

export const CONNECTION: Readonly<Record<Connection, Said>> = {
  connecting: ['connecting', 'busy'],
  live: ['live', 'good'],
  lost: ['connection lost, trying again', 'warn'],
  ended: ['ended', 'off'],
  'signed out': ['signed out: reload the page', 'warn'],
}

const STATES = lookup<Said>({
  connecting: ['asking Dokku', 'busy'],
  following: ['live', 'good'],
  waiting: ['nothing writes now, looking again', 'off'],
  'not deployed': ['not deployed yet', 'off'],
  gone: ['Dokku does not know this app', 'warn'],
})

/** How it stands with a running log; what Dokku itself said where it failed. */
export const stateSaid = (state: string, said: string): Said =>
  STATES.get(state) ?? [said || 'Dokku cannot say', 'bad']
