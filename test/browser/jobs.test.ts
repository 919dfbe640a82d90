import { afterEach, expect, test } from 'vitest'
import { jobs } from '../../ui/jobs/table.ts'
import { isLive, person } from './browser.ts'
import { UNTIL_GO } from './opened.ts'
import { ada, adaVisitsAnew, browser, remember, server, wasReloaded } from './opened-visit.ts'

adaVisitsAnew({ clock: Date.now })
afterEach(() => expect(ada.complaints).toEqual([]))

const ask = (kind: 'restart' | 'rebuild' | 'start' = 'restart') =>
  server.jobs.ask([{ kind, payload: { app: 'blog' } }], { id: 1, name: 'admin' })
const state = (words: string) => ada.page.locator('h1 + p', { hasText: words }).waitFor()

test('a job appears in an open list, and its row follows it to its end, without a reload', async () => {
  server.dokkuDoes(`${UNTIL_GO}; echo " !     App blog does not exist" >&2; exit 20`)
  await ada.go('/jobs')
  await isLive(ada.page)
  await ada.page.getByText('No jobs yet').waitFor()
  await remember()
  ask()
  const row = ada.page.locator('#job-1')
  await row.getByText('Running', { exact: true }).waitFor()
  await ada.page.locator('#navigation a[href="/jobs"]', { hasText: '1 running' }).waitFor()
  server.go()
  await row.getByText('Failed: App blog does not exist').waitFor()
  expect(await wasReloaded()).toBe(false)
})

test('an open job shows each line as it comes, how it stands and how it ended, without a reload', async () => {
  server.dokkuDoes(
    `for i in 1 2 3; do echo "line $i"; sleep 0.1; done; ${UNTIL_GO}; for i in 4 5 6; do echo "line $i"; done`,
  )
  ask()
  await ada.go('/jobs/1')
  await isLive(ada.page)
  await remember()
  await state('Running')
  const line = (number: number) => ada.page.locator(`#L${number}`, { hasText: `line ${number}` }).waitFor()
  await line(1)
  await line(3)
  server.go()
  await line(6)
  await state('Succeeded')
  await ada.page.locator('[data-log-state]', { hasText: 'ended' }).waitFor()
  await expect.poll(() => ada.page.locator('.log-line').count()).toBe(6)
  expect(await ada.page.getByRole('button', { name: 'Cancel this job' }).count()).toBe(0)
  expect(await wasReloaded()).toBe(false)
})

test('a button cancels a job, and the page says who did', async () => {
  server.dokkuDoes('echo begun; sleep 300')
  ask()
  await ada.go('/jobs/1')
  await ada.page.locator('#L1', { hasText: 'begun' }).waitFor()
  await ada.page.getByRole('button', { name: 'Cancel this job' }).click()
  await state('Canceled')
  await ada.page.locator('dl > div', { hasText: /Canceled by\s*admin/ }).waitFor()
})

test('a job that failed leads to the line that says why, and to the same once more', async () => {
  server.dokkuDoes('for i in $(seq 80); do echo "line $i"; done; echo " !     No such image" >&2; exit 1')
  ask()
  await ada.go('/jobs/1')
  await ada.page.getByRole('alert').getByText('No such image').waitFor()
  await ada.page.getByRole('link', { name: 'line 81', exact: true }).click()
  await ada.page.locator('#L81.log-bad').waitFor()
  server.dokkuDoes('echo mended')
  await ada.page.getByRole('button', { name: 'Run it again' }).click()
  await ada.page.waitForURL('**/jobs/2')
  await ada.page.locator('#L1', { hasText: 'mended' }).waitFor()
  await state('Succeeded')
  await ada.page.getByRole('link', { name: 'job 1', exact: true }).click()
  await ada.page.getByRole('link', { name: 'job 2', exact: true }).waitFor()
})

test('a job that is open before it begins shows its first line, and what each try says', async () => {
  server.dokkuDoes('echo "try of $$"; exit 3')
  const [job] = server.jobs.ask(
    [{ kind: 'start', payload: { app: 'blog' }, runAt: Date.now() + 3_600_000 }],
    { id: 1, name: 'admin' },
  )
  await ada.go(`/jobs/${job?.id}`)
  await state('Delayed until')
  await ada.page.getByText('No output yet').waitFor()
  server.db.update(jobs).set({ runAt: 0 }).run()
  await state('Failed')
  await ada.page.getByText('--- Try 3 of 3 ---', { exact: true }).waitFor()
  await expect.poll(() => ada.page.locator('.log-line').count()).toBe(5)
})

test('without script the page shows the command, the output so far and a button that works', async () => {
  server.dokkuDoes('echo begun; sleep 300')
  ask()
  const plain = await person(browser, server, { javaScriptEnabled: false })
  await expect
    .poll(async () => {
      await plain.go('/jobs/1')
      return plain.page.locator('#L1').count()
    })
    .toBe(1)
  await plain.page.getByRole('button', { name: 'Cancel this job' }).click()
  await expect
    .poll(async () => {
      await plain.go('/jobs/1')
      return plain.page.locator('h1 + p').textContent()
    })
    .toContain('Canceled')
  await plain.context.close()
})

test('nothing of the pages scrolls sideways on a phone', async () => {
  server.dokkuDoes(`echo "${'long '.repeat(60)}"; exit 1`)
  ask()
  await ada.page.setViewportSize({ width: 360, height: 800 })
  await ada.go('/jobs/1')
  await state('Failed')
  for (const path of ['/jobs', '/jobs/1']) {
    await ada.go(path)
    expect(await ada.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  }
})
