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
  for (const element of document.querySelectorAll('[data-ago]')) {
    write(element, ago(Number(element.getAttribute('data-ago')), now))
  }
}

const write = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text
}

window.setInterval(tick, 1000)
document.addEventListener('visibilitychange', tick)
