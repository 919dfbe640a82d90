import { type Context, Hono } from 'hono'
import { card } from '../web/layout.ts'
import { NewAccount } from './account.ts'
import { type Arriving, begin, type Entrance } from './entrance.ts'
import { openLink, refuseLink, textOf } from './link-entry.ts'
import { useLink } from './links.ts'
import { normalized } from './password.ts'
import { type AccountRow, addAccount, isSetUp } from './table.ts'
import { linkMissingView, setupView } from './views.ts'

/** The first account: made by whoever holds the link that only the server's owner could print. */
export const setup = (entrance: Entrance) =>
  new Hono<Arriving>()
    .get('/setup', async (c) => {
      const token = c.req.query('token')
      if (token === undefined) {
        if (isSetUp(entrance.db)) return c.redirect('/sign-in', 303)
        return c.html(card(c.get('frame'), { title: 'Set up' }, linkMissingView(entrance.login)))
      }
      const link = await openLink(entrance, c, 'setup', token)
      return link.open ? c.html(setupPage(c, { token, name: 'admin' })) : await link.page
    })
    .post('/setup', async (c) => {
      const body = await c.req.parseBody()
      const token = textOf(body.token)
      const link = await openLink(entrance, c, 'setup', token)
      if (!link.open) return await link.page
      const form = NewAccount.safeParse(body)
      if (!form.success) {
        const issueOf = (field: string) => form.error.issues.find(({ path }) => path[0] === field)
        const wrongName = issueOf('name')?.message
        const refused = issueOf('password') && normalized(textOf(body.password))
        return c.html(setupPage(c, { token, name: textOf(body.name), wrongName, refused }), 422)
      }
      const { name, password } = form.data
      const passwordHash = await entrance.hashing.hash(password)
      const created = create(entrance, c, { token, name, passwordHash })
      return created ? c.redirect('/', 303) : await refuseLink(entrance, c, 'setup', 'used')
    })

/** Of two who use one link at the same moment, the second finds it used and leaves no account behind. */
function create(
  entrance: Entrance,
  c: Context<Arriving>,
  { token, name, passwordHash }: { token: string; name: string; passwordHash: string },
): AccountRow | null {
  const { db, audit, clock, count } = entrance
  const by = c.get('visitor')
  const create = () => {
    if (isSetUp(db) || !useLink(db, 'setup', token, clock())) return null
    const account = addAccount(db, { name, role: 'admin', passwordHash, createdAt: clock() })
    audit({ who: name, action: 'setup link used', by })
    audit({ who: name, action: 'account created', subject: name, by, after: { name, role: account.role } })
    begin(entrance, c, account, { with: 'setup link' })
    count('setup')
    return account
  }
  return db.transaction(create, { behavior: 'immediate' })
}

const setupPage = (c: Context<Arriving>, view: Parameters<typeof setupView>[0]) =>
  card(c.get('frame'), { title: 'Set up', scripts: ['password.js'] }, setupView(view))
