import { expect, test } from 'vitest'
import { mainOf, textOf } from '../story/ask.ts'
import { wholePanel } from '../story/whole.ts'

const askedAs = async (role: 'admin' | 'viewer' = 'admin') => {
  const { signedIn } = await wholePanel()
  const ask = signedIn(role)
  return async (path: string) => {
    const answer = await ask(path, { headers: { accept: 'text/html' } })
    expect([path, answer.status]).toEqual([path, 404])
    const page = await answer.text()
    return { page, text: textOf(mainOf(page)) }
  }
}

test('an app that is not there has those named nearly so, and can be created', async () => {
  const missing = await askedAs()
  const { page, text } = await missing('/apps/shpo/config')
  expect(text).toContain('There is no app named shpo. Did you mean shop')
  expect(page).toContain('<a href="/apps/shop" class="typed')
  expect(page).toContain('dokku apps:create shpo')
  expect((await missing('/apps/No%20App%25')).text).not.toContain('Create app')
})

test('a page that is not there is in no place of the sidebar and has those that were perhaps meant', async () => {
  const missing = await askedAs()
  const { page, text } = await missing('/deploymets')
  expect(text).toContain('Did you mean Deployments')
  expect(page).not.toContain('aria-current="page" class="flex min-h-8')
  expect((await missing('/blog')).text).toContain('Did you mean blog')
  expect((await missing('/wp-login.php')).text).not.toMatch(/Did you mean|Create app/)
  expect((await missing('/%E0%A4%A')).text).toContain('Not found')
})

test('what is not there within an app that is offers no other app and none to create', async () => {
  const missing = await askedAs()
  const { text } = await missing('/apps/shop/deployments/99999')
  expect(text).toContain('shop has no deployment #99999.')
  expect(text).not.toMatch(/Create app|Did you mean/)
})

test('a viewer is offered nothing to create', async () => {
  const missing = await askedAs('viewer')
  expect((await missing('/apps/shpo')).text).toContain('Did you mean shop')
  expect((await missing('/apps/shpo')).text).not.toContain('Create app')
})
