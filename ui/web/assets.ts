import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import * as z from 'zod'

const Manifest = z.record(z.string(), z.object({ type: z.string(), hash: z.string() }))

interface Asset {
  readonly type: string
  readonly hash: string
  readonly plain: Uint8Array<ArrayBuffer>
  readonly br: Uint8Array<ArrayBuffer>
  readonly gzip: Uint8Array<ArrayBuffer>
}

/** dist/assets, whether we run from ui/ or from the bundle in dist/. */
export const assetsFolder = (): string => {
  const beside = fileURLToPath(new URL('assets', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/assets', import.meta.url))
}

/**
 * The built files, read once and held in memory with both compressions: together less than one log page.
 * An address carries the hash of its content, so it may be kept for ever.
 */
export function assets(folder = assetsFolder()) {
  const all = read(folder)
  const asset = (name: string): string => {
    const hash = all.get(name)?.hash
    return hash === undefined ? `/assets/${name}` : `/assets/${name}?v=${hash}`
  }
  const routes = new Hono().get('/assets/:name', (c) => {
    const found = all.get(c.req.param('name'))
    if (found === undefined) return c.notFound()
    c.header('Content-Type', found.type)
    c.header('Vary', 'Accept-Encoding')
    c.header('Cache-Control', c.req.query('v') === found.hash ? FOR_EVER : 'no-cache')
    c.header('ETag', `"${found.hash}"`)
    if (c.req.header('If-None-Match') === `"${found.hash}"`) return c.body(null, 304)
    const encoding = encodingOf(c.req.header('Accept-Encoding') ?? '')
    if (encoding !== 'plain') c.header('Content-Encoding', encoding)
    return c.body(found[encoding])
  })
  return { asset, routes }
}

const FOR_EVER = 'public, max-age=31536000, immutable'

const encodingOf = (accepted: string): 'br' | 'gzip' | 'plain' =>
  /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : 'plain'

function read(folder: string): ReadonlyMap<string, Asset> {
  const file = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(`${folder}/${name}`))
  if (!existsSync(`${folder}/manifest.json`)) return new Map()
  const manifest = Manifest.parse(JSON.parse(readFileSync(`${folder}/manifest.json`, 'utf8')))
  return new Map(
    Object.entries(manifest).map(([name, { type, hash }]) => [
      name,
      { type, hash, plain: file(name), br: file(`${name}.br`), gzip: file(`${name}.gz`) },
    ]),
  )
}
