import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../ui/database/database.ts'
import { browser, openDoor } from './doorway.ts'

const unique = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnop'), minLength: 16, maxLength: 24 })
const strong = unique.map((text) => `Zq7!${text}`)

test('no password and no token that passed the door is in the database, the trail, the log or an answer', async () => {
  await fc.assert(
    fc.asyncProperty(strong, strong, strong, async (password, wrong, changed) => {
      const folder = await mkdtemp(join(tmpdir(), 'dokkubase-secrets-'))
      const db = openDatabase(join(folder, 'panel.db'))
      const door = openDoor({ db })
      const secrets = [password, wrong, changed]
      const said: string[] = []
      const hear = async (answer: Response) => {
        said.push(await answer.text())
        return answer
      }
      const tokenIn = (url: string) => new URL(url).searchParams.get('token') ?? ''

      const setup = door.link().url
      const owner = browser(door)
      await hear((await owner.follow(setup, { name: 'ada', password: 'weak' })).answer)
      await hear((await owner.follow(setup, { name: 'ada', password })).answer)
      const cookies = [...owner.cookies.values()]
      await hear((await browser(door).follow(setup)).answer)
      await hear(await browser(door).signIn('ada', wrong))
      // Typed into the name field it comes back to whoever typed it, and is kept nowhere.
      await browser(door).signIn(wrong, wrong)
      await hear(await owner.post('/account/password', { current: wrong, password: changed }))
      await hear(await owner.post('/account/password', { current: password, password: changed }))
      const link = door.link().url
      await hear(await owner.get(`/no/such/page?token=${tokenIn(link)}`))
      await hear((await browser(door).follow(link)).answer)
      await hear(await owner.get('/audit'))
      await hear(await owner.get('/account'))

      const kept = (await readdir(folder)).map((file) => readFileSync(join(folder, file), 'latin1'))
      const hidden = [...secrets, ...cookies, tokenIn(setup), tokenIn(link)]
      for (const secret of hidden) {
        expect(kept.some((content) => content.includes(secret))).toBe(false)
        expect(door.logged.join('').includes(secret)).toBe(false)
        const answers = said.join('').replaceAll(`name="token" value="${secret}"`, '')
        expect(answers.includes(secret)).toBe(false)
      }
      expect(hidden).toHaveLength(7)
      await door.close()
      db.$client.close()
      await rm(folder, { recursive: true })
    }),
    { numRuns: 5 },
  )
})
