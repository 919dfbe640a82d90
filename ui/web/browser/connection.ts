/** What <html data-connection> says: connecting, live, lost; stale where a part of the page could not be shown anew. */
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

/** A signed-out answer to a live part is a page to go to, not one to put inside this one. */
document.addEventListener('htmx:before:response', (event) => {
  const raw = event.detail.ctx.response?.raw
  if (raw === undefined) return
  if (raw.status === 401 || (raw.redirected && new URL(raw.url).pathname === '/sign-in')) {
    event.preventDefault()
    location.reload()
  }
})
