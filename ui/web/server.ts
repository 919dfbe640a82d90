/**
 * The HTTP server, with deadlines for requests that arrive slowly or not at all, so that half requests do not hold
 * sockets for ever. Node has one for headers and one for whole requests; an upload may take hours as long as it makes
 * progress, so bodies have deadlines of their own here. A response that stays open, such as a stream, is not affected:
 * its request is complete.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { isUploadPath } from './read-form.ts'

type Fetch = Parameters<typeof getRequestListener>[0]

export interface Deadlines {
  /** From the connection, or the first byte of a further request, to the end of the headers. */
  readonly headersMs: number
  /** From the headers to the end of the body. */
  readonly bodyMs: number
  /** An upload brings at least `uploadBytes` within each `uploadMs` instead. */
  readonly uploadMs: number
  readonly uploadBytes: number
  /** How often requests are checked. */
  readonly everyMs: number
}

const DEADLINES: Deadlines = {
  headersMs: 20_000,
  bodyMs: 60_000,
  uploadMs: 30_000,
  uploadBytes: 32 * 1024,
  everyMs: 5_000,
}

export function httpServer(fetch: Fetch, deadlines: Deadlines = DEADLINES): Server {
  const { headersMs, everyMs } = deadlines
  const server = createServer(
    // Without a deadline for the whole request Node has none for its headers either, unless it is given one.
    { requestTimeout: 0, headersTimeout: headersMs, connectionsCheckingInterval: everyMs },
    getRequestListener(fetch),
  )
  watchBodies(server, deadlines)
  return server
}

interface Receiving {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** When its body began, or an upload last made progress; and how much its socket had read by then. */
  from: number
  bytes: number
}

/** Answers 408 to a request whose body is late, and closes its connection. */
function watchBodies(server: Server, deadlines: Deadlines): void {
  const receiving = new Set<Receiving>()
  server.on('request', (incoming, outgoing) => {
    if (hasBody(incoming))
      receiving.add({ incoming, outgoing, from: performance.now(), bytes: incoming.socket.bytesRead })
  })
  const timer = setInterval(() => {
    for (const request of receiving) {
      if (request.incoming.complete || request.incoming.socket.destroyed) receiving.delete(request)
      else if (isLate(request, deadlines, performance.now())) {
        receiving.delete(request)
        refuse(request)
      }
    }
  }, deadlines.everyMs).unref()
  server.on('close', () => clearInterval(timer))
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

function isLate(request: Receiving, { bodyMs, uploadMs, uploadBytes }: Deadlines, now: number): boolean {
  const { incoming, outgoing } = request
  // Whoever may not upload was answered already, and nobody reads the rest.
  const uploads = isUploadPath(incoming.url ?? '') && !outgoing.writableEnded
  if (!uploads) return now - request.from > bodyMs
  const read = incoming.socket.bytesRead
  if (read - request.bytes >= uploadBytes) {
    request.bytes = read
    request.from = now
  }
  return now - request.from > uploadMs
}

function refuse({ incoming, outgoing }: Receiving): void {
  const { socket } = incoming
  if (!outgoing.headersSent) socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
  socket.destroySoon()
}
