/** What <html data-connection> says: connecting, live, lost; stale where a part of the page could not be shown anew. */
import { getAnew } from './anew.ts'
import { htmx } from './htmx.ts'

const RETRY_MS = 2000
/** A stream that is back within this long was never missed by anybody. */
const PATIENCE_MS = 1200

let open = false
let losing: number | undefined

const live = (): void => {
  open = true
  window.clearTimeout(losing)
  losing = undefined
  document.documentElement.dataset.connection = 'live'
}

const lost = (): void => {
  losing ??= window.setTimeout(() => {
    if (!document.hidden) document.documentElement.dataset.connection = 'lost'
  }, PATIENCE_MS)
}

document.addEventListener('htmx:sse:before:connection', lost)
document.addEventListener('htmx:sse:after:connection', live)
document.addEventListener('htmx:sse:error', lost)
window.addEventListener('offline', lost)

/** The extension brings back a stream it once had; one that could not be opened at all is tried again here. */
document.addEventListener('htmx:finally:request', ({ target }) => {
  const address = document.body.getAttribute('hx-sse:connect')
  if (target !== document.body || open || address === null) return
  lost()
  window.setTimeout(() => htmx.ajax('GET', address, { source: document.body }), RETRY_MS)
})

/** Signed out: the server leads to the door when the page is asked for again, and from there back to it. */
document.addEventListener('htmx:before:response', (event) => {
  if (event.detail.ctx.response?.status !== 401) return
  event.preventDefault()
  getAnew()
})
document.addEventListener('htmx:sse:error', (event) => {
  if ('detail' in event && isSignedOut(event.detail)) getAnew()
})

const isSignedOut = (detail: unknown): boolean =>
  typeof detail === 'object' && detail !== null && 'status' in detail && detail.status === 401
