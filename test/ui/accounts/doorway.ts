/** The panel's door on a `:memory:` database, and browsers that come to it. */
import { Hono } from 'hono'
import { pino } from 'pino'
import { Counter, Registry } from 'prom-client'
import type { SignedIn } from '../../../ui/accounts/account.ts'
import { accounts } from '../../../ui/accounts/accounts.ts'
import { requireRole, requireSession } from '../../../ui/accounts/guard.ts'
import { type PasswordHashing, passwordHashing } from '../../../ui/accounts/hashing.ts'
import { makeOneTimeLink } from '../../../ui/accounts/links.ts'
import { accounts as accountRows } from '../../../ui/accounts/table.ts'
import { audit as auditRoutes } from '../../../ui/audit/routes.ts'
import { audit as auditRows, recordAudit } from '../../../ui/audit/table.ts'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { errors } from '../../../ui/web/errors.ts'
import { frame, type PageEnv } from '../../../ui/web/frame.ts'
import { knowVisitor, security, type TrustedProxy } from '../../../ui/web/security.ts'

export const PASSWORD = 'Correct-Horse-7'
export const NOON = Date.UTC(2026, 10, 3, 12)

/** Cheap hashes; the real cost has its own test. */
const cheapHashing = () => passwordHashing({ cost: 4 })

export interface DoorOptions {
  readonly db?: Database
  readonly hashing?: PasswordHashing
  readonly trustedProxy?: TrustedProxy
}

export function openDoor({
  db = openDatabase(':memory:'),
  hashing = cheapHashing(),
  trustedProxy = true,
}: DoorOptions = {}) {
  let now = NOON
  const clock = () => now
  const published: string[] = []
  const logged: string[] = []
  const registry = new Registry()
  const audit = recordAudit({ db, live: { publish: (topics) => published.push(...topics) }, clock })
  const door = accounts({ db, clock, audit, registry, hashing, login: 'dokku dokkubase:login' })
  const counter = new Counter({ name: 'errors', help: 'errors', labelNames: ['type'], registers: [registry] })
  const log = pino({}, { write: (line: string) => logged.push(line) })
  const asset = (name: string) => `/assets/${name}`
  const { onError, notFound } = errors({ log, counter, clock, asset })
  const counts = () => ({ apps: 0, deployments: 0, certificates: 0, jobs: 0 })

  const app = new Hono<{ Variables: SignedIn['Variables'] & PageEnv['Variables'] }>()
  app.onError(onError)
  app.notFound(notFound)
  app.use(knowVisitor(trustedProxy), ...security())
  app.use(door.remember)
  app.use(frame({ clock, asset, counts, position: () => 'run-0' }))
  for (const routes of door.publicRoutes) app.route('/', routes)
  app.use(requireSession)
  app.route('/', door.routes)
  app.get('/', (c) => c.text(`hello ${c.get('account').name}`))
  app.get('/apps/:app', (c) => c.text(c.req.param('app')))
  app.get('/live', (c) => c.text('stream'))
  app.post('/changes', (c) => c.text('changed'))
  app.use('/audit', requireRole('admin'))
  app.route('/', auditRoutes({ db, days: 400 }))

  return {
    app,
    db,
    door,
    audit,
    registry,
    logged,
    published,
    link: (origin = 'http://panel.test') => makeOneTimeLink({ db, audit, clock }, origin),
    trail: () => db.select().from(auditRows).orderBy(auditRows.id).all(),
    actions: () =>
      db
        .select()
        .from(auditRows)
        .orderBy(auditRows.id)
        .all()
        .map(({ action }) => action),
    pass: (ms: number) => {
      now += ms
    },
    /** An account whose password is PASSWORD. */
    async addAccount(name = 'admin', role: 'admin' | 'viewer' = 'admin') {
      const passwordHash = await hashing.hash(PASSWORD)
      return db.insert(accountRows).values({ name, role, passwordHash, createdAt: now }).returning().get()
    },
    close: () => door.close(),
  }
}

export type Door = ReturnType<typeof openDoor>

export interface BrowserOptions {
  /** Address of the peer: nginx on this host unless said otherwise. */
  readonly peer?: string
  /** What nginx says of the browser. */
  readonly ip?: string
  readonly https?: boolean
  readonly userAgent?: string
  /** Where the browser finds the panel, with a port if there is one. */
  readonly host?: string
}

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

/** Keeps cookies and says where its requests come from, as browsers do. */
export function browser(
  { app }: Pick<Door, 'app'>,
  {
    peer = '127.0.0.1',
    ip = '203.0.113.7',
    https = false,
    userAgent = FIREFOX,
    host = 'panel.test',
  }: BrowserOptions = {},
) {
  const cookies = new Map<string, string>()
  const origin = `${https ? 'https' : 'http'}://${host}`

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({
      accept: 'text/html',
      'user-agent': userAgent,
      'x-forwarded-for': ip,
      'x-forwarded-proto': https ? 'https' : 'http',
      ...(cookies.size > 0 && { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }),
    })
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value)
    const incoming = { socket: { remoteAddress: peer, remotePort: 40000, remoteFamily: 'IPv4' } }
    const answer = await app.request(`http://${host}${path}`, { ...init, headers }, { incoming })
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  const post = (path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    ask(path, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { origin, ...headers },
    })

  return {
    cookies,
    ask,
    post,
    get: (path: string, headers: Record<string, string> = {}) => ask(path, { headers }),
    signIn: (name = 'admin', password = PASSWORD, next = '') => post('/sign-in', { name, password, next }),
    /** Opens a link as printed and presses its button. */
    async follow(url: string, form: Record<string, string> = {}) {
      const { pathname, search, searchParams } = new URL(url)
      const opened = await ask(pathname + search)
      const action = pathname === '/setup' ? '/setup' : '/sign-in/link'
      return {
        opened,
        answer: await post(action, { token: searchParams.get('token') ?? '', ...form }),
      }
    },
  }
}
