import { describe, expect, test } from 'vitest'
import { setStage } from '../../contract/stage.ts'
import type { Target } from '../../contract/target.ts'

/** A server that is somebody's, and what was asked of it. */
function serverWith(apps: string[], fails = ''): Target & { readonly asked: string[] } {
  const asked: string[] = []
  const answer = async (args: readonly string[]) => {
    asked.push(args.join(' '))
    if (args[0] === 'apps:create') apps.push(String(args[1]))
    return {
      exit: args[0] === fails ? 1 : 0,
      stdout: args[0] === 'apps:list' ? JSON.stringify(apps) : args[0] === 'storage:list-entries' ? '[]' : '',
      stderr: '',
    }
  }
  const same = (text: string) => text
  return {
    ...{ name: 'real', asked, run: answer, ask: answer },
    ...{ asRecorded: same, withoutDocker: same, close: () => {} },
  }
}

describe('the stage of the contract on a real server', () => {
  test.each(['web', 'shop', 'empty', 'ledger'])('changes nothing where there is an app %s', async (app) => {
    const server = serverWith([app])
    await expect(setStage(server, ['empty'])).rejects.toThrow(`this one has ${app} (`)
    expect(server.asked).toEqual(['apps:list --format json'])
  })

  test('takes down what it set up, and leaves an app that came meanwhile', async () => {
    const apps: string[] = []
    const server = serverWith(apps)
    const clear = await setStage(server, ['empty'])
    apps.push('ledger')
    await clear()
    expect(destroyed(server)).toEqual(['apps:destroy empty --force'])
  })

  test('takes down what it had set up when it cannot go on', async () => {
    const server = serverWith([], 'git:from-archive')
    await expect(setStage(server, ['empty', 'shop'])).rejects.toThrow()
    expect(destroyed(server)).toEqual(['apps:destroy empty --force', 'apps:destroy shop --force'])
  })
})

const destroyed = (server: { readonly asked: readonly string[] }) =>
  server.asked.filter((command) => command.startsWith('apps:destroy'))
