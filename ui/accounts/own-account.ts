/** What somebody signed in sees and changes of their own: sessions and password. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { Frame } from '../web/frame.ts'
import { page } from '../web/layout.ts'
import { NewPassword, type SignedIn } from './account.ts'
import { type AccountView, accountView } from './account-views.ts'
import { dropToken } from './cookie.ts'
import type { Entrance } from './entrance.ts'
import { textOf } from './link-entry.ts'
import { normalized } from './password.ts'
import { device } from './session.ts'
import { accountWithId, setPasswordHash } from './table.ts'

interface Own {
  Variables: SignedIn['Variables'] & { frame: Frame }
}

/** One session by its id, or all but this one. */
const Revocation = z.object({ session: z.literal('others').or(z.coerce.number().int().positive()) })

export const ownAccount = (entrance: Entrance) =>
  new Hono<Own>()
    .get('/account', (c) => c.html(accountPage(entrance, c)))
    .get('/account/password', (c) => c.redirect('/account', 303))
    .post('/account/revocations', async (c) => {
      const { session } = Revocation.parse(await c.req.parseBody())
      if (session === 'others') revokeOthers(entrance, c)
      else revoke(entrance, c, session)
      if (session !== c.get('sessionId')) return c.redirect('/account', 303)
      dropToken(c, c.get('visitor'))
      return c.redirect('/sign-in', 303)
    })
    .post('/account/password', async (c) => {
      const body = await c.req.parseBody()
      const attempt = await entrance.names.attempt(c.get('account').name)
      if (!attempt.allowed) {
        c.header('Retry-After', String(attempt.waitSeconds))
        return c.html(accountPage(entrance, c, { kind: 'paused', waitSeconds: attempt.waitSeconds }), 429)
      }
      if (!(await isOwnPassword(entrance, c, normalized(textOf(body.current))))) {
        failed(entrance, c)
        return c.html(accountPage(entrance, c, { kind: 'wrong' }), 422)
      }
      await attempt.forget()
      const form = NewPassword.safeParse(body)
      if (!form.success) {
        const refused = normalized(textOf(body.password))
        return c.html(accountPage(entrance, c, { kind: 'refused', refused }), 422)
      }
      change(entrance, c, await entrance.hashing.hash(form.data.password))
      return c.redirect('/account?changed=password', 303)
    })

function revoke({ db, audit, sessions }: Entrance, c: Context<Own>, session: number): void {
  const { account, visitor: by } = c.var
  db.transaction(() => {
    const revoked = sessions.revoke(account.id, session)
    if (revoked === undefined) return
    const before = { device: device(revoked.userAgent), ip: revoked.ip }
    audit({ who: account.name, action: 'session revoked', by, before })
  })
}

function revokeOthers({ db, audit, sessions }: Entrance, c: Context<Own>): void {
  const { account, sessionId, visitor: by } = c.var
  db.transaction(() => {
    const ended = sessions.revokeOthers(account.id, sessionId)
    if (ended > 0)
      audit({
        who: account.name,
        action: 'other sessions revoked',
        by,
        before: { sessions: ended + 1 },
        after: { sessions: 1 },
      })
  })
}

const isOwnPassword = ({ db, hashing }: Entrance, c: Context<Own>, password: string): Promise<boolean> =>
  hashing.verify(password, accountWithId(db, c.get('account').id)?.passwordHash ?? null)

function failed({ audit, count }: Entrance, c: Context<Own>): void {
  const { account, visitor: by } = c.var
  count('failed')
  audit({ who: account.name, action: 'password change failed', by })
}

/** Whoever else may know the old password is signed out with it. */
function change({ db, audit, sessions }: Entrance, c: Context<Own>, passwordHash: string): void {
  const { account, sessionId, visitor: by } = c.var
  db.transaction(() => {
    setPasswordHash(db, account.id, passwordHash)
    const ended = sessions.revokeOthers(account.id, sessionId)
    audit({ who: account.name, action: 'password changed', by, after: { 'sessions ended': ended } })
  })
}

function accountPage({ sessions }: Entrance, c: Context<Own>, outcome?: AccountView['outcome']) {
  const { account, sessionId } = c.var
  // A form that was refused is not an address to come back to, nor to ask again for a part of the page.
  const frame = { ...c.var.frame, address: '/account' }
  const mine = sessions.list(account.id, frame.now)
  const changed = outcome === undefined && c.req.query('changed') === 'password'
  return page(
    frame,
    { title: 'Account', at: 'account', trail: [{ name: 'Account' }], scripts: ['password.js'] },
    accountView({ account, mine, sessionId, frame, outcome: changed ? { kind: 'changed' } : outcome }),
  )
}
