import type { Container } from './container.ts'

/** How an app speaks in its running logs. Everything follows from the container and the time, so nothing is stored. */
export interface Voice {
  /** What it has said when Dokku's checks are over. */
  firstWords(now: number): string[]
  /** Lines between two times, oldest first. */
  speak(container: Container, from: number, to: number): Spoken[]
}

export interface Spoken {
  readonly at: number
  readonly text: string
}

const iso = (at: number): string => new Date(at).toISOString()

/** The recorded web process: listens, then a line a request. */
const nodeServer: Voice = {
  firstWords: (now) => ['listening on 5000', `${iso(now)} GET /healthz`],
  speak: (container, from, to) => [
    ...once(container.startedAt, 'listening on 5000', from, to),
    ...once(container.startedAt + 1100, `${iso(container.startedAt + 1100)} GET /healthz`, from, to),
    ...every(container, 7_000, from, to, (at, chance) => `${iso(at)} GET ${path(chance)}`),
  ],
}

/** The recorded worker: a tick every five seconds. */
const nodeWorker: Voice = {
  firstWords: () => ['worker started', 'worker tick 1', 'worker tick 2'],
  speak: (container, from, to) => [
    ...once(container.startedAt, 'worker started', from, to),
    ...every(container, 5_004, from, to, (_, __, count) => `worker tick ${count}`),
  ],
}

const VOICES: Readonly<Record<string, Voice>> = { 'node server': nodeServer, 'node worker': nodeWorker }

export const voiceOf = (name: string): Voice => VOICES[name] ?? nodeServer

function once(at: number, text: string, from: number, to: number): Spoken[] {
  return at >= from && at < to ? [{ at, text }] : []
}

/** Lines about every `period` ms since the container started; `chance` is 0..1 and always the same for one line. */
function every(
  container: Container,
  period: number,
  from: number,
  to: number,
  line: (at: number, chance: number, count: number) => string,
): Spoken[] {
  const spoken: Spoken[] = []
  const first = Math.max(1, Math.floor((from - container.startedAt) / period) - 1)
  for (let count = first; ; count += 1) {
    const chance = chanceOf(container.id, count)
    const at = Math.floor(container.startedAt + count * period + chance * period * 0.8)
    if (container.startedAt + count * period >= to) return spoken
    if (at >= from && at < to) spoken.push({ at, text: line(at, chance, count) })
  }
}

const path = (chance: number): string => PATHS[Math.floor(chance * 7919) % PATHS.length] ?? '/'
const PATHS = ['/', '/healthz', '/about', '/assets/app.css', '/', '/favicon.ico', '/healthz']

/** A number 0..1 that one container and one count always give again (FNV-1a). */
function chanceOf(id: string, count: number): number {
  let hash = 2166136261
  for (const char of `${id.slice(0, 12)}:${count}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619)
  return (hash >>> 0) / 4294967296
}
