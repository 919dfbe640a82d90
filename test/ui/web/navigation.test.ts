import { expect, test } from 'vitest'
import { placeOf } from '../../../ui/web/navigation.ts'
import { wholePanel } from '../story/whole.ts'

test.each([
  ['/', 'overview'],
  ['/nowhere', null],
  ['/apps/shop/logs', 'apps'],
  ['/deployments', 'deployments'],
  ['/domains', 'domains'],
  ['/certificates', 'certificates'],
  ['/jobs/12', 'jobs'],
  ['/events/7', 'events'],
  ['/config/changes', 'config'],
  ['/configuration', null],
  ['/audit', 'audit'],
  ['/account', 'account'],
])('%s is below %s', (path, place) => {
  expect(placeOf(path)).toBe(place)
})

test('an error keeps the place in the sidebar that its page has', async () => {
  const { signedIn } = await wholePanel()
  const ask = signedIn()
  for (const [path, name] of [
    ['/jobs/999', 'Jobs'],
    ['/config/set', 'Global config'],
    ['/apps/nope', 'Apps'],
    ['/events/999999', 'Events'],
  ] as const) {
    const answer = await ask(path)
    expect([path, answer.status >= 400]).toEqual([path, true])
    const [, current] =
      /<a href="[^"]*" aria-current="page"[^>]*>.*?<span class="flex-1">([^<]*)</s.exec(
        await answer.text(),
      ) ?? []
    expect([path, current]).toEqual([path, name])
  }
})
