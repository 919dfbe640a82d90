/**
 * The one place where what went wrong becomes an answer: a page, a part of one, or JSON. What the panel itself
 * got wrong carries an id that is also in the log.
 */
import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { html } from 'hono/html'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Logger } from 'pino'
import { ZodError } from 'zod'
import { DokkuError } from '../dokku/dokku.ts'
import { plain } from '../logs/line.ts'
import { failure } from './components.ts'
import type { Frame, Viewer } from './frame.ts'
import { card, type Html, page } from './layout.ts'
import { placeOf } from './navigation.ts'
import { quietly } from './quietly.ts'

/** What was asked for is not there. The message says what, e.g. "There is no app named blog." */
export class NotFound extends Error {
  override readonly name = 'NotFound'
}

/** An error as a person is told it: what it is and what to do next. */
export interface Told {
  readonly type: 'not-found' | 'bad-input' | 'refused' | 'too-large' | 'busy' | 'dokku' | 'internal'
  readonly status: ContentfulStatusCode
  readonly title: string
  readonly text: string
  /** What Dokku or the form said, line by line. */
  readonly details?: readonly string[]
}

export interface ErrorsOptions {
  readonly log: Pick<Logger, 'error' | 'warn'>
  readonly counter: { inc(labels: { readonly type: Told['type'] }): void }
  readonly clock: () => number
  readonly asset: (name: string) => string
  /** What may have been meant by an address at which nothing is. */
  readonly near?: (frame: Frame) => Html | ''
}

/** `app.onError(onError)` and `app.notFound(notFound)`. Neither rejects: what fails on the way costs only its own part. */
export function errors(options: ErrorsOptions) {
  const onError = async (error: Error, c: Context): Promise<Response> => {
    const id = randomBytes(4).toString('hex')
    try {
      const told = tell(error)
      quietly(() => options.counter.inc({ type: told.type }))
      quietly(() => log(options, c, { error, told, id }))
      return await answer(options, c, told, id)
    } catch (failure) {
      quietly(() => options.log.error({ errorId: id, err: failure }, 'an error page could not be made'))
      return plainAnswer(id)
    }
  }
  return { onError, notFound: (c: Context) => onError(new NotFound('There is no page at this address.'), c) }
}

function log(
  { log }: ErrorsOptions,
  { req }: Context,
  { error, told, id }: { readonly error: Error; readonly told: Told; readonly id: string },
): void {
  // The path without its query: a one-time token may stand there.
  const about = { errorId: id, type: told.type, method: req.method, path: req.path }
  if (told.status >= 500) log.error({ ...about, err: error }, error.message)
  else log.warn(about, told.title)
}

/** Without a layout, a database or anything else that may be what is broken. */
const plainAnswer = (id: string): Response =>
  new Response(`${INTERNAL.title}. ${INTERNAL.text}\nError id ${id}\n`, {
    status: 500,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })

/** Each kind of error in words. Pure, so that every kind can be read in one test. */
export function tell(error: Error): Told {
  if (error instanceof NotFound) return { ...NOT_FOUND, text: error.message }
  if (error instanceof ZodError) return { ...BAD_INPUT, details: error.issues.map(issueInWords) }
  if (error instanceof DokkuError)
    return { ...DOKKU, details: error.said.trim().split('\n').slice(-20).map(plain) }
  if (error instanceof HTTPException) return tellOfStatus(error)
  return INTERNAL
}

function tellOfStatus({ status, message }: HTTPException): Told {
  if (status === 403) return message === '' ? FOREIGN : { ...FORBIDDEN, text: message }
  if (status === 404) return NOT_FOUND
  if (status === 413) return { ...TOO_LARGE, ...(message !== '' && { details: [message] }) }
  if (status === 429) return { ...TOO_MANY, ...(message !== '' && { text: message }) }
  if (status === 503) return { ...BUSY, ...(message !== '' && { text: message }) }
  if (status < 500) return { ...BAD_INPUT, status, ...(message !== '' && { details: [message] }) }
  return { ...INTERNAL, status }
}

const issueInWords = ({ path, message }: ZodError['issues'][number]): string =>
  path.length === 0 ? message : `${path.join('.')}: ${message}`

const NOT_FOUND: Told = {
  type: 'not-found',
  status: 404,
  title: 'Not found',
  text: 'It may have been renamed or destroyed. Look for it in the lists, or search for it.',
}
const BAD_INPUT: Told = {
  type: 'bad-input',
  status: 400,
  title: 'This was not understood',
  text: 'Go back, correct it and send it again. Nothing was changed.',
}
const FORBIDDEN: Told = { type: 'refused', status: 403, title: 'Not allowed', text: '' }
const FOREIGN: Told = {
  type: 'refused',
  status: 403,
  title: 'This did not come from a page of this panel',
  text: 'Nothing was changed. Reload the page and try again. Behind another proxy, it must pass on the Host header.',
}
const TOO_LARGE: Told = {
  type: 'too-large',
  status: 413,
  title: 'Too much at once',
  text: 'Nothing was changed. Go back and send less.',
}
const TOO_MANY: Told = {
  type: 'busy',
  status: 429,
  title: 'Too many at once',
  text: 'Wait a moment and try again.',
}
const BUSY: Told = {
  type: 'busy',
  status: 503,
  title: 'Too busy',
  text: 'Wait a few seconds and try again.',
}
const DOKKU: Told = {
  type: 'dokku',
  status: 502,
  title: 'Dokku did not do this',
  text: 'Its own words are below.',
}
const INTERNAL: Told = {
  type: 'internal',
  status: 500,
  title: 'The panel made a mistake',
  text: 'Try again. If it stays, look for the id below in the log of the panel.',
}

function answer(options: ErrorsOptions, c: Context, told: Told, id: string): Response | Promise<Response> {
  const { type, status, title, text, details } = told
  const accept = c.req.header('accept') ?? ''
  if (accept.includes('application/json') || accept === 'text/event-stream')
    return c.json({ error: { type, id, message: `${title}. ${text}`, ...(details && { details }) } }, status)
  if (c.req.header('hx-request') === 'true') {
    // A live part that cannot be shown anew keeps what it has; an act is answered at the top of the page.
    c.header('HX-Retarget', '#main')
    c.header('HX-Reselect', `#error-${id}`)
    c.header('HX-Reswap', c.req.method === 'GET' ? 'none' : 'afterbegin')
    return c.html(part(told, id), status)
  }
  const frame = frameOf(options, c)
  const near = type === 'not-found' && frame.account !== null ? nearTo(options, frame) : ''
  const body = html`${whole(told, id)}${near}<p class="mt-5"><a href="/" class="button">Go to the overview</a></p>`
  if (frame.account === null) return c.html(card(frame, { title }, body), status)
  return c.html(page(frame, { title, at: placeOf(c.req.path), trail: [{ name: title }] }, body), status)
}

/** An error page is shown whatever the database does. */
function nearTo({ log, near }: ErrorsOptions, frame: Frame): Html | '' {
  try {
    return near?.(frame) ?? ''
  } catch (error) {
    quietly(() => log.error({ err: error }, 'nothing could be suggested on an error page'))
    return ''
  }
}

const whole = (told: Told, id: string): Html =>
  html`<h1 class="text-xl font-semibold tracking-tight">${told.title}</h1><p class="mt-1 text-muted-foreground-2">${told.text}</p><div class="mt-4 space-y-3">${evidence(told, id)}</div>`

const part = (told: Told, id: string): Html =>
  html`<div class="mb-6 space-y-3" id="error-${id}">${failure(told.title, told.text)}${evidence(told, id)}</div>`

const evidence = ({ details, status }: Told, id: string): Html =>
  html`${details === undefined ? '' : html`<pre class="typed overflow-x-auto whitespace-pre-wrap rounded-xl border bg-layer p-4">${details.join('\n')}</pre>`}${status < 500 ? '' : html`<p class="text-[0.8125rem] text-muted-foreground">Error id <code class="typed">${id}</code></p>`}`

/** What fails before the frame is made has a plain one. */
function frameOf({ clock, asset }: ErrorsOptions, c: Context): Frame {
  const made: Frame | undefined = c.get('frame')
  if (made !== undefined) return made
  const account: Viewer | undefined = c.get('account')
  return {
    account: account ?? null,
    theme: 'auto',
    address: c.req.path,
    path: c.req.path,
    now: clock(),
    counts: { apps: 0, deployments: 0, certificates: 0, jobs: 0 },
    warning: null,
    asked: '',
    position: '',
    gitHost: 'your-server',
    asset,
  }
}
