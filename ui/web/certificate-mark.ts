import { html } from 'hono/html'
import { type Certificate, certificateState } from '../certificates/certificate.ts'
import { counted, daysUntil, exact } from './format.ts'
import type { Html } from './layout.ts'
import { state, stateMark } from './states.ts'

/** How a certificate stands, with the days it has left. */
export const certificateMark = (certificate: Certificate | undefined, now: number): Html => {
  if (certificate === undefined) return marked('none', 'no certificate')
  const { expiresAt } = certificate
  return expiresAt === null
    ? marked('none', 'not read yet')
    : marked(certificateState(certificate, now), left(expiresAt, now), exact(expiresAt))
}

/** What is well is said quietly. */
const marked = (word: string, text: string, title = ''): Html =>
  word === 'valid' || word === 'none'
    ? html`<span class="flex items-center gap-1.5 whitespace-nowrap text-muted-foreground-2" title="${title}">${stateMark(word)}${text}</span>`
    : html`<span class="flex" title="${title}">${state(word, text)}</span>`

/** "9 days left", "expired 3 days ago", "expires today". */
export const left = (expiresAt: number, now: number): string => {
  const days = daysUntil(expiresAt, now)
  if (expiresAt <= now) return days >= -1 ? 'expired today' : `expired ${counted(-days - 1, 'day')} ago`
  return days === 0 ? 'expires today' : `${counted(days, 'day')} left`
}
