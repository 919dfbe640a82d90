/** Keeps relative times and growing durations true while a page stays open. */
import { ago, ticking } from '../format.ts'

/** The server's clock is the one that counts: what it wrote when it rendered, against ours when we read it. */
const written = Number(document.documentElement.dataset.now)
const ahead = written > 0 ? Date.now() - written : 0

const tick = (): void => {
  if (document.hidden) return
  const now = Date.now() - ahead
  for (const element of document.querySelectorAll('[data-since]')) {
    write(element, ticking(Math.max(0, now - Number(element.getAttribute('data-since')))))
  }
  grow(now)
  for (const element of document.querySelectorAll('[data-ago]')) {
    write(element, ago(Number(element.getAttribute('data-ago')), now))
  }
}

const write = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text
}

window.setInterval(tick, 1000)
document.addEventListener('visibilitychange', tick)

/** The bar of a deployment that runs: its middle is how long the app usually takes. */
const grow = (now: number): void => {
  for (const bar of document.querySelectorAll('[data-grows]')) {
    const [since = 0, usual = 1] = (bar.getAttribute('data-grows') ?? '').split(' ').map(Number)
    const width = bar.parentElement?.getAttribute('width') ?? '0'
    bar.setAttribute('width', String(Math.round(Math.min(1, (now - since) / (2 * usual)) * Number(width))))
  }
}
