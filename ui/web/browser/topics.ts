/**
 * Live parts: an element with `data-topics` shows itself anew when the stream names one of them. Several topics of
 * one change make one request, and a flood of changes makes a few a second.
 */
import { getAnew } from './anew.ts'
import { htmx } from './htmx.ts'

const GATHER_MS = 5
const APART_MS = 250
const RETRY_MS = 3000

const due = new Map<Element, number>()
const last = new WeakMap<Element, number>()

const refresh = (part: Element, wait = GATHER_MS): void => {
  if (due.has(part)) return
  const since = performance.now() - (last.get(part) ?? Number.NEGATIVE_INFINITY)
  const timer = window.setTimeout(
    () => {
      due.delete(part)
      last.set(part, performance.now())
      if (part.isConnected) htmx.trigger(part, 'refresh')
    },
    Math.max(wait, APART_MS - since),
  )
  due.set(part, timer)
}

const changed = (topic: string): void => {
  for (const part of document.querySelectorAll('[data-topics]')) {
    const topics = part.getAttribute('data-topics')?.split(' ') ?? []
    if (topic === 'all' || topics.includes(topic)) refresh(part)
  }
}

document.addEventListener('htmx:sse:after:message', (event) => {
  if (!(event instanceof CustomEvent)) return
  const topic: unknown = event.detail?.message?.event
  if (typeof topic === 'string') changed(topic)
})

/** A page that comes back from the browser's own memory is as old as it was left. */
window.addEventListener('pageshow', (event) => {
  if (event.persisted) changed('all')
})

const isPart = (target: EventTarget | null): target is Element =>
  target instanceof Element && target.matches('[data-topics]')

/** A field had the focus when it appeared. htmx would give it back to it each time the part shows itself anew, in the midst of what somebody types in another. */
document.addEventListener('htmx:after:settle', ({ target }) => {
  if (!isPart(target)) return
  for (const field of target.querySelectorAll('[autofocus]')) field.removeAttribute('autofocus')
})

/** A part that could not be shown anew tries again; meanwhile the bar says that it is old. */
const failed = (part: Element): void => {
  document.documentElement.dataset.connection = 'stale'
  refresh(part, RETRY_MS)
}

document.addEventListener('htmx:error', ({ target }) => {
  if (isPart(target)) failed(target)
})
document.addEventListener('htmx:after:request', ({ target, detail }) => {
  if (!isPart(target)) return
  const status = detail.ctx.response?.status ?? 0
  // What this page was about is gone: its own address says so in words.
  if (status === 404) getAnew()
  else if (status >= 400) failed(target)
  else if (document.documentElement.dataset.connection === 'stale')
    document.documentElement.dataset.connection = 'live'
})
