import type { Container } from './container.ts'

/** How an app speaks in its running logs. Everything follows from the container and the time, so nothing is stored. */
export interface Voice {
  /** What it has said when Dokku's checks are over. */
  firstWords(now: number): string[]
  /** Lines between two times. */
  speak(container: Container, from: number, to: number): Spoken[]
}

export interface Spoken {
  readonly at: number
  readonly text: string
}

/** What makes one line: its time, a number 0..1 that one line always gets again, and which line of its kind it is. */
export type Line = (at: number, chance: number, count: number) => string

/** A voice that greets and then says a line about every `period` milliseconds. */
export const voice = (greeting: readonly string[], period: number, line: Line): Voice => ({
  firstWords: (now) => [...greeting, line(now, 0.5, 1)],
  speak: (container, from, to) => [
    ...greeting.flatMap((text, i) => once(container.startedAt + i, text, from, to)),
    ...every(container, period, from, to, line),
  ],
})

export function once(at: number, text: string, from: number, to: number): Spoken[] {
  return at >= from && at < to ? [{ at, text }] : []
}

export function every(container: Container, period: number, from: number, to: number, line: Line): Spoken[] {
  const spoken: Spoken[] = []
  const first = Math.max(1, Math.floor((from - container.startedAt) / period) - 1)
  for (let count = first; container.startedAt + count * period < to; count += 1) {
    const chance = chanceOf(container.id, count)
    const at = Math.floor(container.startedAt + count * period + chance * period * 0.8)
    if (at >= from && at < to) spoken.push({ at, text: line(at, chance, count) })
  }
  return spoken
}

/** A number 0..1 that one container and one count always give again (FNV-1a). */
function chanceOf(id: string, count: number): number {
  let hash = 2166136261
  for (const char of `${id.slice(0, 12)}:${count}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619)
  return (hash >>> 0) / 4294967296
}
