/**
 * Lines of a log as the server sends them. A lost connection goes on after the last line that came; a hidden tab
 * gives its connection back (a browser has six for one host) and takes it up again when it is shown.
 */
import type { LogLine } from '../../logs/log.ts'

export type Connection = 'connecting' | 'live' | 'lost' | 'ended' | 'signed out'

export interface StreamHandlers {
  onLines(lines: readonly LogLine[]): void
  onConnection(connection: Connection): void
  /** How it stands with what is followed. */
  onState(state: string, said: string): void
  /** Lines that say why the deployment failed. */
  onEnd(bad: readonly number[]): void
  /** Numbers begin anew: what was shown is of another run. */
  onReset(): void
}

const FIRST_RETRY_MS = 1000
const SLOWEST_RETRY_MS = 15_000

export function connect(address: string, lastId: string, handlers: StreamHandlers): void {
  let last = lastId
  let stream: EventSource | null = null
  let retryMs = FIRST_RETRY_MS
  let retry = 0
  let over = false

  const open = (): void => {
    window.clearTimeout(retry)
    if (over || stream !== null || document.hidden) return
    handlers.onConnection('connecting')
    const mine = new EventSource(last === '' ? address : `${address}?from=${encodeURIComponent(last)}`)
    stream = mine
    mine.onopen = () => {
      retryMs = FIRST_RETRY_MS
      handlers.onConnection('live')
    }
    mine.onmessage = ({ data, lastEventId }) => {
      last = lastEventId
      handlers.onLines(linesOf(data))
    }
    mine.onerror = () => {
      handlers.onConnection('lost')
      // The browser tries again by itself unless the answer was no stream, e.g. nginx's 502 while we restart.
      if (mine.readyState === EventSource.CLOSED) later()
    }
    mine.addEventListener('state', ({ data }) =>
      handlers.onState(textOf(data, 'state'), textOf(data, 'said')),
    )
    mine.addEventListener('reset', () => {
      last = ''
      handlers.onReset()
    })
    mine.addEventListener('end', ({ data }) => {
      finish('ended')
      handlers.onEnd(numbersOf(data, 'bad'))
    })
    mine.addEventListener('signed-out', () => finish('signed out'))
  }

  const close = (): void => {
    stream?.close()
    stream = null
  }

  const later = (): void => {
    close()
    retry = window.setTimeout(open, retryMs)
    retryMs = Math.min(retryMs * 2, SLOWEST_RETRY_MS)
  }

  const finish = (how: Connection): void => {
    over = true
    close()
    handlers.onConnection(how)
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()))
  window.addEventListener('pagehide', close)
  window.addEventListener('pageshow', open)
  window.addEventListener('online', open)
  open()
}

/** Lines out of JSON; whatever is none is left out. */
export const linesOf = (data: string): readonly LogLine[] => {
  const parsed: unknown = JSON.parse(data)
  return Array.isArray(parsed) ? parsed.filter(isLine) : []
}

export const isLine = (value: unknown): value is LogLine =>
  Array.isArray(value) &&
  typeof value[0] === 'number' &&
  typeof value[1] === 'number' &&
  typeof value[2] === 'string' &&
  (value[3] === undefined || typeof value[3] === 'string')

const field = (data: string, name: string): unknown => {
  const parsed: unknown = JSON.parse(data)
  return typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined
}

const textOf = (data: string, name: string): string => {
  const value = field(data, name)
  return typeof value === 'string' ? value : ''
}

const numbersOf = (data: string, name: string): readonly number[] => {
  const value = field(data, name)
  return Array.isArray(value) ? value.filter((each): each is number => typeof each === 'number') : []
}
