import { type Context, Hono } from 'hono'
import { card } from '../web/layout.ts'
import { OptionalPassword } from './account.ts'
import { type Arriving, begin, type Entrance } from './entrance.ts'
import { openLink, refuseLink, textOf } from './link-entry.ts'
import { useLink } from './links.ts'
import { normalized } from './password.ts'
import { type AccountRow, accountWithId, setPasswordHash } from './table.ts'
import { linkSignInView } from './views.ts'

/** For an owner who lost the password, and for a demo: signs in as the first admin, with a new password if wanted. */
export const linkSignIn = (entrance: Entrance) =>
  new Hono<Arriving>()
    .get('/sign-in', async (c, next) => {
      const token = c.req.query('token')
      if (token === undefined) return await next()
      const link = await openLink(entrance, c, 'sign-in', token)
      if (!link.open) return await link.page
      const account = accountWithId(entrance.db, link.accountId ?? 0)
      if (account === undefined) return await refuseLink(entrance, c, 'sign-in', 'unknown')
      return c.html(linkSignInPage(c, { token, name: account.name }))
    })
    .post('/sign-in/link', async (c) => {
      const body = await c.req.parseBody()
      const token = textOf(body.token)
      const link = await openLink(entrance, c, 'sign-in', token)
      if (!link.open) return await link.page
      const account = accountWithId(entrance.db, link.accountId ?? 0)
      if (account === undefined) return await refuseLink(entrance, c, 'sign-in', 'unknown')
      const form = OptionalPassword.safeParse(body)
      if (!form.success)
        return c.html(
          linkSignInPage(c, { token, name: account.name, refused: normalized(textOf(body.password)) }),
          422,
        )
      const { password } = form.data
      const passwordHash = password === '' ? null : await entrance.hashing.hash(password)
      const used = enter(entrance, c, { account, token, passwordHash })
      return used ? c.redirect('/', 303) : await refuseLink(entrance, c, 'sign-in', 'used')
    })

function enter(
  entrance: Entrance,
  c: Context<Arriving>,
  { account, token, passwordHash }: { account: AccountRow; token: string; passwordHash: string | null },
): boolean {
  const { db, audit, sessions, clock, count } = entrance
  const by = c.get('visitor')
  return db.transaction(() => {
    if (!useLink(db, 'sign-in', token, clock())) return false
    audit({ who: account.name, action: 'sign-in link used', by })
    if (passwordHash !== null) {
      setPasswordHash(db, account.id, passwordHash)
      const ended = sessions.revokeOthers(account.id, null)
      audit({ who: account.name, action: 'password set', by, after: { 'sessions ended': ended } })
    }
    begin(entrance, c, account, { with: 'link' })
    count('link')
    return true
  })
}

const linkSignInPage = (c: Context<Arriving>, view: Parameters<typeof linkSignInView>[0]) =>
  card(c.get('frame'), { title: 'Sign in', scripts: ['password.js'] }, linkSignInView(view))
