/** Event streams as a browser holds them open, but many at once. */
import { connect, type Socket } from 'node:net'
import { timed } from './times.ts'

/** Enough of the end of what came to find a line in that came in two pieces. */
const REMEMBERED = 600

export interface Stream {
  /** Resolves when the words have come; what came before this call counts too. */
  heard(words: string): Promise<void>
  close(): void
}

export function openStream(origin: string, path: string, cookie = ''): Promise<Stream> {
  const { hostname, port, host } = new URL(origin)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/event-stream\r\nCookie: ${cookie}\r\n\r\n`,
  )
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('data', (head) => {
      const [status = ''] = head.toString('latin1').split('\r\n')
      if (status.includes(' 200 ')) resolve(listening(socket, head))
      else reject(new Error(`${path}: ${status}`))
    })
  })
}

function listening(socket: Socket, head: Buffer): Stream {
  let recent = head.toString('latin1')
  let wanted = ''
  let found = () => {}
  const look = () => {
    if (wanted === '' || !recent.includes(wanted)) return
    wanted = ''
    found()
  }
  socket.on('error', () => {})
  socket.on('data', (piece) => {
    recent = (recent + piece.toString('latin1')).slice(-Math.max(REMEMBERED, piece.length))
    look()
    if (recent.length > REMEMBERED) recent = recent.slice(-REMEMBERED)
  })
  return {
    heard: (words) =>
      new Promise((resolve) => {
        wanted = words
        found = resolve
        look()
      }),
    close: () => socket.destroy(),
  }
}

/** So many at once, opened fifty at a time, by the sessions in turn. */
export async function openStreams(origin: string, path: string, cookies: readonly string[], count: number) {
  const streams: Stream[] = []
  while (streams.length < count) {
    const some = Array.from({ length: Math.min(50, count - streams.length) }, (_, index) =>
      openStream(origin, path, cookies[(streams.length + index) % cookies.length]),
    )
    streams.push(...(await Promise.all(some)))
  }
  return {
    /** Milliseconds until all of them have heard it. */
    heard: (words: string) => timed(() => Promise.all(streams.map((stream) => stream.heard(words)))),
    close() {
      for (const stream of streams) stream.close()
    },
  }
}
