/** Who is asking, from where, and the guards every request passes before any feature sees it. */
import { BlockList, isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { isUploadPath, refuseForm } from './read-form.ts'

export interface Visitor {
  /** The browser's address, through a trusted proxy. */
  readonly ip: string
  readonly userAgent: string
  readonly https: boolean
  /** Scheme and host as the browser sees them, e.g. `https://panel.example.com`. */
  readonly origin: string
}

export interface Visited {
  Variables: { visitor: Visitor }
}

/** `false`: no proxy. `true`: one on this host. Otherwise addresses or networks such as `10.0.0.0/8`. */
export type TrustedProxy = boolean | readonly string[]

const FORM_BYTES = 64 * 1024
/** A whole .env: what an address makes of it may be three times as long. */
const CONFIG_BYTES = 4 * 1024 * 1024
const CONFIG = /^\/apps\/[^/]+\/config\/changes/

/** All guards that need no session, in their order and behind `knowVisitor`: `app.use(...security())`. */
export const security = (): readonly MiddlewareHandler<Visited>[] => [
  headers(),
  neverStored(),
  sameOriginForms(),
  sameOriginRest(),
  formLimit(),
]

/** Puts `visitor` on the context; before whatever needs it. */
export function knowVisitor(trustedProxy: TrustedProxy): MiddlewareHandler<Visited> {
  const proxies = blockListOf(trustedProxy)
  return createMiddleware<Visited>(async (c, next) => {
    const peer = plain(peerOf(c))
    const proxied = isTrusted(proxies, peer)
    const url = new URL(c.req.url)
    const https = proxied ? lastOf(c.req.header('x-forwarded-proto')) === 'https' : url.protocol === 'https:'
    c.set('visitor', {
      ip: proxied ? clientBehind(proxies, c.req.header('x-forwarded-for'), peer) : peer,
      userAgent: (c.req.header('user-agent') ?? '').slice(0, 300),
      https,
      origin: `${https ? 'https' : 'http'}://${url.host}`,
    })
    await next()
  })
}

/** Each proxy appends the address it saw, so only what stands right of our own proxies can be believed. */
function clientBehind(proxies: BlockList, forwardedFor: string | undefined, peer: string): string {
  let believed = peer
  for (const entry of (forwardedFor ?? '').split(',').reverse()) {
    const address = plain(entry.trim())
    if (isIP(address) === 0) return believed
    believed = address
    if (!isTrusted(proxies, address)) return believed
  }
  return believed
}

/** The bare host has no connection in tests; a unix socket has no address. */
function peerOf(c: Context): string {
  return c.env?.incoming === undefined ? '' : (getConnInfo(c).remote.address ?? '')
}

/** What proxies add: one that stands on this host connects from it too. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]

/** Whether a process of this host asks, by the panel's own address and not through a proxy. */
export function isFromThisHost(c: Context): boolean {
  return (
    isTrusted(LOOPBACK, plain(peerOf(c))) &&
    isLoopback(new URL(c.req.url).hostname) &&
    FORWARDED.every((name) => c.req.header(name) === undefined)
  )
}

/** Whether a browser reaches its own machine by this host of an address. */
export function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || isTrusted(LOOPBACK, bare)
}

function blockListOf(trustedProxy: TrustedProxy): BlockList {
  const list = new BlockList()
  const entries = trustedProxy === true ? ['127.0.0.0/8', '::1'] : trustedProxy === false ? [] : trustedProxy
  for (const entry of entries) if (entry !== '') trust(list, entry)
  return list
}

function trust(list: BlockList, entry: string): void {
  const [address = '', bits] = entry.split('/')
  const length = isIP(address) === 6 ? 128 : 32
  const valid = isIP(address) !== 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= length))
  if (!valid) throw new Error(`Trusted proxies: "${entry}" is no address or network.`)
  list.addSubnet(address, bits === undefined ? length : Number(bits), familyOf(address))
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

const isTrusted = (proxies: BlockList, address: string): boolean =>
  isIP(address) !== 0 && proxies.check(address, familyOf(address))

/** A socket that listens on both families shows IPv4 peers as `::ffff:1.2.3.4`. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')

const LOOPBACK = blockListOf(true)

const lastOf = (list: string | undefined): string => (list ?? '').split(',').at(-1)?.trim() ?? ''

function headers(): MiddlewareHandler<Visited> {
  const options = {
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    // Not no-referrer: under that policy a browser sends `Origin: null` with our own forms, and on a panel
    // without https it sends no Sec-Fetch-Site either, so nobody could sign in. Other sites still see nothing.
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
    originAgentCluster: false,
  }
  // Without https browsers ignore the opener policy, and say so in the console on every page.
  const plainHeaders = secureHeaders({
    ...options,
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  })
  // Without includeSubDomains: what else the owner serves below this domain is not the panel's to decide.
  const httpsHeaders = secureHeaders({ ...options, strictTransportSecurity: 'max-age=15552000' })
  return (c, next) => (c.get('visitor').https ? httpsHeaders : plainHeaders)(c, next)
}

/** Assets say themselves how long they keep; everything else is somebody's page. */
function neverStored(): MiddlewareHandler<Visited> {
  return async (c, next) => {
    await next()
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
  }
}

const sameOriginForms = (): MiddlewareHandler<Visited> =>
  csrf({ origin: (origin, c) => origin === c.get('visitor').origin })

/**
 * What hono/csrf leaves to CORS: unsafe methods with other bodies. A bearer token is never sent by a browser on its
 * own, so such a request needs no origin.
 */
function sameOriginRest(): MiddlewareHandler<Visited> {
  return async (c, next) => {
    const safe = /^(GET|HEAD)$/.test(c.req.method)
    const bearer = /^bearer /i.test(c.req.header('authorization') ?? '')
    if (!safe && !bearer && isForeign(c, true)) throw new HTTPException(403)
    await next()
  }
}

/** Whether a page of another site asks. `mustSay`: also where nothing says which page it was. */
export function isForeign(c: Context, mustSay = false): boolean {
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  if (site !== undefined) return site !== 'same-origin' && !(site === 'none' && !mustSay)
  return origin === undefined ? mustSay : origin !== c.get('visitor').origin
}

/** Larger bodies (batches of events) are not forms and have their own limit where they are read. */
function formLimit(): MiddlewareHandler<Visited> {
  const onError = () => {
    throw new HTTPException(413)
  }
  const limit = bodyLimit({ maxSize: FORM_BYTES, onError })
  const limitOfConfig = bodyLimit({ maxSize: CONFIG_BYTES, onError })
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)/i
  const isUpload = (path: string, type: string) => isUploadPath(path) && /^multipart\/form-data;/i.test(type)
  return async (c, next) => {
    const type = c.req.header('content-type') ?? ''
    if (!isForm.test(type) || isUpload(c.req.path, type)) return next()
    // A body of unknown length is read here, and may break off.
    const within = CONFIG.test(c.req.path) ? limitOfConfig : limit
    await within(c, async () => {}).catch(refuseForm)
    return next()
  }
}
