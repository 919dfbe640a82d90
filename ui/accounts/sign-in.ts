import { type Context, Hono } from 'hono'
import { card } from '../web/layout.ts'
import type { Attempt } from '../web/throttle.ts'
import { Credentials, triedName } from './account.ts'
import { dropToken, readKnownBrowser } from './cookie.ts'
import { type Arriving, addressOf, begin, type Entrance } from './entrance.ts'
import { knownBrowser } from './known-browser.ts'
import { returnPath } from './return-path.ts'
import { accountNamed, isSetUp } from './table.ts'
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
  const account = accountNamed(entrance.db, name)
  const browser = knownBrowser(readKnownBrowser(c, c.get('visitor')), account)
  const attempt =
    browser === null
      ? await strangersAttempt(entrance, addressOf(c), name)
      : await entrance.browsers.attempt(browser)
  if (!attempt.allowed) {
    entrance.count('paused')
    return { kind: 'paused', waitSeconds: attempt.waitSeconds }
  }
  const matches = await entrance.hashing
    .verify(password, account?.passwordHash ?? null, { first: browser !== null })
    .catch(async (busy: unknown) => {
      // Nobody judged it, so it is no failure.
      await attempt.undo()
      throw busy
    })
  if (!matches || account === undefined) {
    entrance.count('failed')
    entrance.audit({
      who: '',
      action: 'sign-in failed',
      subject: account?.name ?? triedName(typed),
      by: c.get('visitor'),
    })
    return { kind: 'wrong' }
  }
  await attempt.forget()
  entrance.count('password')
  begin(entrance, c, account, { with: 'password' })
  return { kind: 'in' }
}

/** Of a browser the account never signed in from: limited by its address and, with all other strangers, by the name. */
async function strangersAttempt(
  { addresses, names }: Entrance,
  address: string,
  name: string,
): Promise<Attempt> {
  const byAddress = await addresses.attempt(address)
  if (!byAddress.allowed) return byAddress
  const byName = await names.attempt(name)
  if (!byName.allowed) {
    await byAddress.undo()
    return byName
  }
  return {
    allowed: true,
    async undo() {
      await byAddress.undo()
      await byName.undo()
    },
    async forget() {
      // Whoever may sign in must not buy new guesses at other names by doing so.
      await byAddress.undo()
      await byName.forget()
    },
  }
}

const signInPage = (c: Context<Arriving>, view: Parameters<typeof signInView>[0]) =>
  card(c.get('frame'), { title: 'Sign in', scripts: ['password.js'] }, signInView(view))
