import type { MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Html } from './layout.ts'
import { isLoopback } from './security.ts'

export type Theme = 'light' | 'dark' | 'auto'

/** Who looks, as accounts put it on the context. */
export interface Viewer {
  readonly id: number
  readonly name: string
  readonly role: string
}

/** Numbers in the sidebar; each only where something wants a look. */
export interface Counts {
  readonly apps: number
  readonly deployments: number
  readonly certificates: number
  readonly jobs: number
}

/** What a person must know before believing any page: why, and what to type. */
export interface Warning {
  readonly text: string
  readonly command: string
}

/** What stands around every page: who looks, in which theme, at which address, as of which moment. */
export interface Frame {
  readonly account: Viewer | null
  readonly theme: Theme
  /** Path and query of this page: what its live parts ask for again. */
  readonly address: string
  readonly path: string
  readonly now: number
  readonly counts: Counts
  /** Null where what pages show is kept up to date. */
  readonly warning: Warning | null
  /** Cards of the jobs whoever looks asked for lately: they follow from page to page. */
  readonly asked: Html | ''
  /** The last change this page already shows; its stream begins after it. */
  readonly position: string
  /** Host of this server as a git remote names it: `git push dokku@HOST:APP`. */
  readonly gitHost: string
  /** Address of a built file, with its hash: `asset('app.css')`. */
  readonly asset: (name: string) => string
}

export type PageEnv = { Variables: { account: Viewer; frame: Frame } }

export interface FrameOptions {
  readonly clock: () => number
  readonly asset: (name: string) => string
  readonly counts: (now: number) => Counts
  readonly asked?: (account: Viewer, now: number) => Html | ''
  readonly position: () => string
  /** The first global domain of Dokku; undefined: none is known. */
  readonly globalDomain?: () => string | undefined
  readonly warning?: (now: number) => Warning | null
}

/** Puts the frame on the context of every page. The position is read first: nothing that follows can be missed. */
export const frame = ({
  clock,
  asset,
  counts,
  asked = () => '',
  position,
  globalDomain = () => undefined,
  warning = () => null,
}: FrameOptions): MiddlewareHandler<PageEnv> =>
  async function frame(c, next) {
    const at = position()
    const now = clock()
    const url = new URL(c.req.url)
    const account: Viewer | undefined = c.get('account')
    // Counted only where a sidebar is shown: streams and parts of a log pass here too.
    let counted: Counts | undefined
    c.set('frame', {
      account: account ?? null,
      theme: themeOf(getCookie(c, 'theme')),
      address: url.pathname + url.search,
      path: url.pathname,
      now,
      get counts() {
        counted ??= account ? counts(now) : NONE
        return counted
      },
      get warning() {
        return account ? warning(now) : null
      },
      get asked() {
        return account ? asked(account, now) : ''
      },
      position: at,
      get gitHost() {
        return leadsHere(url.hostname) ? url.hostname : (globalDomain() ?? 'your-server')
      },
      asset,
    })
    await next()
  }

/** A shell reads nothing else into it: the command is copied to one. */
const HOST = /^(?:[a-z\d.-]+|\[[a-f\d:.]+\])$/

/** Whether another machine reaches this server by the host a browser asked for: not through a tunnel, nor in a demo. */
export const leadsHere = (hostname: string): boolean => HOST.test(hostname) && !isLoopback(hostname)

const NONE: Counts = { apps: 0, deployments: 0, certificates: 0, jobs: 0 }

const themeOf = (cookie: string | undefined): Theme =>
  cookie === 'light' || cookie === 'dark' ? cookie : 'auto'
