import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cronId } from '../../ui/dokku/cron-id.ts'
import { setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
let clear: () => Promise<void>
beforeAll(async () => {
  clear = await setStage(target, ['web'])
}, 900_000)
afterAll(async () => {
  await clear()
  target.close()
})

const ID = cronId('web', { command: "node -e 'console.log(1)'", schedule: '*/30 * * * *' })
const exit = async (...args: readonly string[]): Promise<number> => (await target.run(args)).exit

describe(`what is run in a container, on ${target.name}`, () => {
  test('ends with the exit code of the command, as a cron entry too', async () => {
    expect(await exit('run', 'web', 'sh', '-c', 'exit 3')).toBe(3)
    expect(await exit('run', '--no-tty', '--cron-id', ID, 'web', 'sh', '-c', 'exit 7')).toBe(7)
    expect(await exit('run', `--cron-id=${ID}`, 'web', 'true')).toBe(0)
  })

  test('is a cron entry by an id that says app, command and schedule', async () => {
    expect(await exit('cron:run', 'web', ID)).toBe(0)
    expect(await exit('cron:run', 'web', cronId('web', { command: 'true', schedule: '@daily' }))).toBe(1)
  })
})
