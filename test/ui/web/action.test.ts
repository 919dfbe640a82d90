import { expect, test } from 'vitest'
import { asker } from '../story/ask.ts'
import { seed } from '../story/seed.ts'

const PAGES = [
  '/apps',
  '/apps?select=yes',
  ...['', 'processes', 'domains', 'settings', 'run'].map((tab) => `/apps/shop/${tab}`),
]

/** Text of elements, without their tags. */
const all = (html: string, element: RegExp): readonly string[] =>
  [...html.matchAll(element)].map(([, text = '']) => text.replaceAll(/<[^>]*>/g, '').trim())

test('a button that runs a command at once has it beside it, one that asks first ends with dots', async () => {
  const ask = asker(seed())
  for (const page of PAGES.map((path) => path.replace(/\/$/, ''))) {
    const html = await ask.html(page)
    const asking = all(html, /<button [^>]*data-open-dialog="(?!shortcuts)[^>]*>([\s\S]*?)<\/button>/g)
    expect(asking.length, page).toBeGreaterThan(0)
    // A drawing alone has its words in its name.
    expect(asking.filter((words) => words !== '' && !/(?:…|&#8230;)$/.test(words))).toEqual([])
    const direct = html.split('<div class="action">').slice(1)
    for (const one of direct) expect(one.split('</form>')[1]).toMatch(/^<details .*data-menu>/)
    expect(
      all(html, /<summary [^>]*title="Show the command[^>]*>([\s\S]*?)<\/summary>/g).every(
        (sign) => sign === '$_',
      ),
    ).toBe(true)
  }
})

test('the command beside a button says which button runs it, and the help says what the signs mean', async () => {
  const html = await asker(seed()).html('/apps/shop/processes')
  expect(html).toMatch(
    /title="Show the command that this button runs"[\s\S]*?“Restart web of shop” runs<\/p>\s*<div[^>]*><code[^>]*>[\s\S]*?dokku ps:restart shop web/,
  )
  expect(html).toMatch(
    /title="What each button runs"[\s\S]*?<dt[^>]*>Restart<\/dt>\s*<dd><div[^>]*><code[^>]*>[\s\S]*?dokku ps:restart shop/,
  )
  expect(html).toContain('What the button or the row beside it runs')
  expect(html).toContain('Asks first, and shows the command there')
})

test('a form that sets values warns before they are lost, one that starts something does not', async () => {
  const ask = asker(seed())
  const forms = async (path: string) =>
    [...(await ask.html(path)).matchAll(/<form [^>]*data-previewed[^>]*>/g)].map(([form]) => [
      /action="([^"?]*)/.exec(form)?.[1],
      form.includes(' data-warns-unsaved'),
    ])
  expect((await forms('/apps/shop/run')).filter(([, warns]) => warns)).toEqual([])
  const scale = (await forms('/apps/shop/processes')).filter(([href]) => href === '/apps/shop/formation')
  expect(scale).toEqual([['/apps/shop/formation', true]])
})
