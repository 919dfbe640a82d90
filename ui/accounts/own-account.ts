/** What somebody signed in sees and changes of their own: sessions and password. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { Frame } from '../web/frame.ts'
import { page } from '../web/layout.ts'
import { NewPassword, type SignedIn } from './account.ts'
import { type AccountView, accountView } from './account-views.ts'
import { dropToken } from './cookie.ts'
import { type Entrance, rememberBrowser } from './entrance.ts'
import { textOf } from './link-entry.ts'
import { normalized } from './password.ts'
import { device } from './session.ts'
import { accountWithId, changePasswordHash } from './table.ts'

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
      const attempt = await entrance.changes.attempt(String(c.get('sessionId')))
      if (!attempt.allowed) {
        c.header('Retry-After', String(attempt.waitSeconds))
        return c.html(accountPage(entrance, c, { kind: 'paused', waitSeconds: attempt.waitSeconds }), 429)
      }
      const before = accountWithId(entrance.db, c.get('account').id)?.passwordHash ?? null
      const current = normalized(textOf(body.current))
      if (!(await entrance.hashing.verify(current, before, { first: true })) || before === null)
        return wrong(entrance, c)
      await attempt.forget()
      const form = NewPassword.safeParse(body)
      if (!form.success) {
        const refused = normalized(textOf(body.password))
        return c.html(accountPage(entrance, c, { kind: 'refused', refused }), 422)
      }
      const after = await entrance.hashing.hash(form.data.password)
      if (!change(entrance, c, { before, after })) return wrong(entrance, c)
      rememberBrowser(entrance.db, c, c.get('account').id)
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

function wrong(entrance: Entrance, c: Context<Own>): Response | Promise<Response> {
  const { account, visitor: by } = c.var
  entrance.count('failed')
  entrance.audit({ who: account.name, action: 'password change failed', by })
  return c.html(accountPage(entrance, c, { kind: 'wrong' }), 422)
}

/**
 * Whoever else may know the old password is signed out with it. False where the password was changed since it was
 * checked: of two changes at once exactly one is made.
 */
function change(
  { db, audit, sessions }: Entrance,
  c: Context<Own>,
  { before, after }: { readonly before: string; readonly after: string },
): boolean {
  const { account, sessionId, visitor: by } = c.var
  return db.transaction(() => {
    if (!changePasswordHash(db, account.id, { before, after })) return false
    const ended = sessions.revokeOthers(account.id, sessionId)
    audit({ who: account.name, action: 'password changed', by, after: { 'sessions ended': ended } })
    return true
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
