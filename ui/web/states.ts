import { html } from 'hono/html'
import { type ShapeName, shape } from './icons.ts'
import type { Html } from './layout.ts'
import { lookup } from './lookup.ts'
import { remembered } from './remembered.ts'

/** What a colour may mean, and nothing else. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'off'

interface Look {
  readonly tone: Tone
  readonly shape: ShapeName
}

const LOOKS = lookup<Look>({
  running: { tone: 'good', shape: 'full' },
  degraded: { tone: 'warn', shape: 'triangle' },
  crashed: { tone: 'bad', shape: 'cross' },
  'crash loop': { tone: 'bad', shape: 'cross' },
  'killed for memory': { tone: 'bad', shape: 'cross' },
  unreachable: { tone: 'bad', shape: 'triangle' },
  starting: { tone: 'busy', shape: 'ring' },
  restarting: { tone: 'warn', shape: 'ring' },
  stopping: { tone: 'off', shape: 'hollow' },
  retiring: { tone: 'off', shape: 'hollow' },
  'left over': { tone: 'warn', shape: 'triangle' },
  stopped: { tone: 'off', shape: 'hollow' },
  'not deployed': { tone: 'off', shape: 'dashed' },
  unknown: { tone: 'off', shape: 'dashed' },
  destroyed: { tone: 'off', shape: 'slash' },
  deploying: { tone: 'busy', shape: 'ring' },
  succeeded: { tone: 'good', shape: 'tick' },
  failed: { tone: 'bad', shape: 'cross' },
  canceled: { tone: 'off', shape: 'slash' },
  built: { tone: 'off', shape: 'tick' },
  refused: { tone: 'off', shape: 'slash' },
  'in progress': { tone: 'busy', shape: 'ring' },
  waiting: { tone: 'off', shape: 'hollow' },
  delayed: { tone: 'off', shape: 'dashed' },
  interrupted: { tone: 'warn', shape: 'triangle' },
  valid: { tone: 'good', shape: 'tick' },
  'expires soon': { tone: 'warn', shape: 'triangle' },
  expired: { tone: 'bad', shape: 'cross' },
  here: { tone: 'good', shape: 'tick' },
  elsewhere: { tone: 'warn', shape: 'triangle' },
  none: { tone: 'off', shape: 'dashed' },
  skipped: { tone: 'off', shape: 'dashed' },
  ahead: { tone: 'off', shape: 'dashed' },
})

const UNKNOWN: Look = { tone: 'off', shape: 'dashed' }

const TEXT: Readonly<Record<Tone, string>> = {
  good: 'text-good',
  busy: 'text-busy',
  warn: 'text-warn',
  bad: 'text-bad',
  off: 'text-off',
}

export const toneText = (tone: Tone): string => TEXT[tone]

/** A deployment that runs is in progress, while an app that runs is well: the one word with two looks. */
const lookOf = (state: string): Look => LOOKS.get(state) ?? UNKNOWN

export const toneOf = (state: string): Tone => lookOf(state).tone

/** Mark and word. */
export const state = (word: string, said = word): Html => marked(word, said)

const marked = remembered((word: string, said: string): Html => {
  const look = lookOf(word)
  return html`<span class="inline-flex items-center gap-1.5 whitespace-nowrap font-medium ${TEXT[look.tone]}">${shape(look.shape, 'size-4')}${said}</span>`
})

/** The mark alone, for rows that say the word elsewhere or to those who listen. */
export const stateMark = (word: string, classes = 'size-4'): Html => mark(word, classes)

const mark = remembered((word: string, classes: string): Html => {
  const look = lookOf(word)
  return html`<span title="${word}" class="inline-flex shrink-0 ${TEXT[look.tone]}">${shape(look.shape, classes)}<span class="sr-only">${word}</span></span>`
})

/** A word in a quiet frame: "this panel", "locked", "Seen, not told". */
export const badge = (word: string, tone: Tone = 'off'): Html =>
  html`<span class="inline-flex items-center gap-1 whitespace-nowrap rounded-md border px-1.5 text-2xs font-medium ${tone === 'off' ? 'text-muted-foreground' : TEXT[tone]}">${word}</span>`
