/**
 * One file out of a form, streamed to the disk as it comes: never held in memory, never opened beyond its first bytes.
 * Everything lies in one folder of the panel's own; what a crash leaves there is taken away at the next start.
 */
import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy } from '@fastify/busboy'
import { HTTPException } from 'hono/http-exception'

export interface Uploaded {
  /** Somebody's to move; removed by `discard` where nobody did. */
  readonly file: string
  readonly bytes: number
  /** Its first bytes. */
  readonly head: Buffer
  discard(): void
}

export interface Uploads {
  readonly limit: number
  /**
   * Null where the form brought no file, or an empty one. Throws 413 for what is too large, 429 where others are being
   * received, 503 where there is no room.
   */
  take(request: Request, field: string): Promise<Uploaded | null>
}

export interface UploadsOptions {
  /** Bytes of uploads that were handed on and still lie on the disk. */
  readonly kept?: () => number
  /** Bytes free on the disk. */
  readonly free?: () => number
}

/** Maximum uploads received at the same time. */
const AT_ONCE = 2
/** All uploads, received or kept, take at most as much as so many of the largest. */
const MOST_KEPT = 5
/** Left for the database and everything else on the disk. */
const RESERVE_BYTES = 200 * 1024 * 1024

export function uploads(folder: string, limit: number, options: UploadsOptions = {}): Uploads {
  const { kept = () => 0, free = () => freeBytes(folder) } = options
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let receiving = 0

  /** Each one under way may still become as large as the limit. */
  const refusal = (): HTTPException | null => {
    if (receiving >= AT_ONCE) return new HTTPException(429, { message: BUSY })
    const waiting = kept()
    if (waiting + (receiving + 1) * limit > MOST_KEPT * limit)
      return new HTTPException(503, { message: full(waiting) })
    if (free() < (receiving + 1) * limit + RESERVE_BYTES) return new HTTPException(503, { message: NO_ROOM })
    return null
  }

  return {
    limit,
    async take({ headers, body }, field) {
      const type = headers.get('content-type') ?? ''
      if (!/^multipart\/form-data;/i.test(type) || body === null)
        throw new HTTPException(400, { message: NO_FORM })
      const refused = refusal()
      if (refused !== null) {
        await readAndDrop(body, limit)
        throw refused
      }
      const path = join(folder, randomUUID())
      const discard = () => rmSync(path, { force: true })
      receiving += 1
      const spooled = await spool(body, type, { field, path, limit })
        .catch((error: unknown) => {
          discard()
          throw error
        })
        .finally(() => {
          receiving -= 1
        })
      if (spooled.bytes > 0 && !spooled.tooLarge) return { ...spooled, file: path, discard }
      discard()
      if (spooled.tooLarge) throw new HTTPException(413, { message: tooLarge(limit) })
      return null
    },
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** A browser reads no answer before it has sent all. */
async function readAndDrop(body: AsyncIterable<Uint8Array>, limit: number): Promise<void> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > limit) return
  }
}

const megabytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024)

const BUSY = `${AT_ONCE} archives are being uploaded already. Wait until one of them is there, then send yours again.`
const full = (waiting: number): string =>
  `Archives that wait to be deployed take ${megabytes(waiting)} MB already. Wait until a deploy has ended, or cancel one under Jobs, then send yours again.`
const NO_ROOM =
  'The disk of the server has no room for another archive. Make room (dokku cleanup), then send it again.'

export const tooLarge = (limit: number): string =>
  `An archive may be ${megabytes(limit)} MB at most here (DOKKUBASE_UPLOAD_MB). Leave out what the build fetches or makes by itself, such as node_modules and .git, or deploy by git.`

const NO_FORM = 'a file comes as multipart/form-data'
const BROKE_OFF = 'the upload broke off or was no form; send it again'

/** So many first bytes are kept at hand. */
const HEAD = 512

interface Spool {
  readonly field: string
  readonly path: string
  readonly limit: number
}

async function spool(body: AsyncIterable<Uint8Array>, type: string, { field, path, limit }: Spool) {
  const read = { bytes: 0, head: Buffer.alloc(0), tooLarge: false }
  const broken = new AbortController()
  let written: Promise<void> = Promise.resolve()
  try {
    const form = Busboy({
      headers: { 'content-type': type },
      limits: { fileSize: limit, files: 1, fields: 20, fieldSize: 16_384, parts: 21, headerPairs: 100 },
    })
    form.on('file', (name, file) => {
      if (name !== field) return void file.resume()
      file.on('data', (chunk: Buffer) => {
        read.bytes += chunk.length
        if (read.head.length < HEAD) read.head = Buffer.concat([read.head, chunk]).subarray(0, HEAD)
      })
      // The rest of it is read and thrown away: a browser reads no answer before it has sent all.
      file.on('limit', () => {
        read.tooLarge = true
      })
      written = pipeline(file, createWriteStream(path, { mode: 0o600, flags: 'wx' }), {
        signal: broken.signal,
      })
      written.catch(() => {})
    })
    await pipeline(Readable.from(body, { objectMode: false }), form)
    await written
    return read
  } catch {
    broken.abort()
    await written.catch(() => {})
    throw new HTTPException(400, { message: BROKE_OFF })
  }
}
