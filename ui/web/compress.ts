import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { MiddlewareHandler } from 'hono'

/** Smaller than a packet: nothing to win. */
const WORTH_IT = 1024

/**
 * Pages and pieces of them are compressed here, for not every panel has an nginx in front. At the quickest setting it
 * costs a seventh of hono's own streaming middleware and saves as much. Streams and files keep to themselves.
 */
export const compress: MiddlewareHandler = async (c, next) => {
  await next()
  const { res } = c
  if (!/^(text\/html|application\/json)/.test(res.headers.get('content-type') ?? '')) return
  if (res.headers.has('content-encoding') || c.req.method === 'HEAD') return
  // Through c.header a light response would become a full one, which costs more than all else here.
  res.headers.append('Vary', 'Accept-Encoding')
  const accepted = c.req.header('accept-encoding') ?? ''
  const encoding = ['br', 'gzip'].find((each) => new RegExp(`\\b${each}\\b`).test(accepted))
  if (encoding === undefined) return
  const plain = Buffer.from(await c.res.arrayBuffer())
  const smaller = plain.length < WORTH_IT ? plain : shrink(plain, encoding)
  c.res = new Response(new Uint8Array(smaller), c.res)
  c.res.headers.delete('content-length')
  if (smaller !== plain) c.res.headers.set('content-encoding', encoding)
}

const shrink = (plain: Buffer, encoding: string): Buffer =>
  encoding === 'br'
    ? brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
    : gzipSync(plain, { level: 1 })
