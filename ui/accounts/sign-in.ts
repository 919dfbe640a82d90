import { type Context, Hono } from 'hono'
import { card } from '../web/layout.ts'
import { Credentials, triedName } from './account.ts'
import { dropToken } from './cookie.ts'
import { type Arriving, addressOf, begin, type Entrance } from './entrance.ts'
import { returnPath } from './return-path.ts'
import { accountNamed, isSetUp } from './table.ts'
import type { Attempt } from './throttle.ts'
import { signInView } from './views.ts'

export const signIn = (entrance: Entrance) =>
  new Hono<Arriving>()
    .get('/sign-in', (c) => {
      const next = returnPath(c.req.query('next'))
      if (c.get('account') !== undefined) return c.redirect(next, 303)
      return c.html(signInPage(c, { next, isSetUp: isSetUp(entrance.db), login: entrance.login }))
    })
    .post('/sign-in', async (c) => {
      const body = await c.req.parseBody()
      const typed = Credentials.parse(body)
      const next = returnPath(typeof body.next === 'string' ? body.next : undefined)
      const outcome = await check(entrance, c, typed)
      if (outcome.kind === 'in') return c.redirect(next, 303)
      if (outcome.kind === 'paused') c.header('Retry-After', String(outcome.waitSeconds))
      const { db, login } = entrance
      const page = signInPage(c, { next, isSetUp: isSetUp(db), login, name: typed.name, outcome })
      return c.html(page, outcome.kind === 'paused' ? 429 : 401)
    })
    .post('/sign-out', (c) => {
      const { account, sessionId, visitor } = c.var
      if (account !== undefined && sessionId !== undefined) {
        entrance.sessions.close(sessionId)
        entrance.audit({ who: account.name, action: 'signed out', by: visitor })
      }
      dropToken(c, visitor)
      return c.redirect('/sign-in', 303)
    })

export type SignInOutcome =
  | { readonly kind: 'in' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'paused'; readonly waitSeconds: number }

async function check(
  entrance: Entrance,
  c: Context<Arriving>,
  { name: typed, password }: Credentials,
): Promise<SignInOutcome> {
  const name = typed.trim().toLowerCase()
  const byAddress = await entrance.addresses.attempt(addressOf(c))
  if (!byAddress.allowed) return paused(entrance, byAddress)
  const byName = await entrance.names.attempt(name)
  if (!byName.allowed) {
    await byAddress.undo()
    return paused(entrance, byName)
  }
  const account = accountNamed(entrance.db, name)
  if (!(await entrance.hashing.verify(password, account?.passwordHash ?? null)) || account === undefined) {
    entrance.count('failed')
    entrance.audit({
      who: '',
      action: 'sign-in failed',
      subject: account?.name ?? triedName(typed),
      by: c.get('visitor'),
    })
    return { kind: 'wrong' }
  }
  await byAddress.undo()
  await byName.forget()
  entrance.count('password')
  begin(entrance, c, account, { with: 'password' })
  return { kind: 'in' }
}

function paused({ count }: Entrance, { waitSeconds }: Extract<Attempt, { allowed: false }>): SignInOutcome {
  count('paused')
  return { kind: 'paused', waitSeconds }
}

const signInPage = (c: Context<Arriving>, view: Parameters<typeof signInView>[0]) =>
  card(c.get('frame'), { title: 'Sign in', scripts: ['password.js'] }, signInView(view))
