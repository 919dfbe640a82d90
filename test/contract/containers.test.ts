import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AppLine, type ContainerLine, readLine } from '../../ui/dokku/container.ts'
import { deploy, setStage } from './stage.ts'
import { listContainers, openTarget } from './target.ts'

const target = openTarget()
let clear: () => Promise<void>
beforeAll(async () => {
  clear = await setStage(target, ['shop'])
}, 900_000)
afterAll(async () => {
  await clear()
  target.close()
})

interface Listed {
  readonly containers: readonly ContainerLine[]
  readonly app: AppLine | undefined
}

/** What is listed of shop now. */
async function listed(): Promise<Listed> {
  const said = await listContainers(target)
  expect(said).toMatchObject({ exit: 0, stderr: '' })
  const lines = said.stdout
    .trim()
    .split('\n')
    .map((text) => readLine(text))
  expect(lines).not.toContain(null)
  expect(lines.at(-1)).toEqual({ kind: 'end' })
  return {
    containers: lines.flatMap((line) =>
      line?.kind === 'container' && line.container.app === 'shop' ? line.container : [],
    ),
    app: lines.flatMap((line) => (line?.kind === 'app' && line.app.app === 'shop' ? line.app : []))[0],
  }
}

/** Without those that are being replaced. */
const current = ({ containers }: Listed) => containers.filter(({ name }) => name === 'shop.web.1')

describe(`the list of containers, on ${target.name}`, () => {
  test('names the image a container runs, which is what Dokku would start next', async () => {
    const { containers, app } = await listed()
    expect(containers).toHaveLength(1)
    const [container] = containers
    expect(container?.facts?.imageId).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(container?.facts?.imageId).toBe(app?.nextImageId)
    expect(container).toMatchObject({
      ...{ processType: 'web', number: 1, name: 'shop.web.1', state: 'running', exitCode: null },
      facts: { image: 'dokku/shop:latest', restarts: 0, restartPolicy: 'on-failure', maxRestarts: 10 },
    })
    expect(container?.at).toBe(container?.facts?.startedAt)
  })

  test('tells where nginx sends requests: to the address of the container', async () => {
    const { containers, app } = await listed()
    const [address = ''] = containers[0]?.facts?.addresses ?? []
    expect(app).toMatchObject({ proxy: 'nginx', webListener: '', upstreams: [`${address}:5000`] })
  })

  test('after a failed predeploy task the next start is of another image than what runs', async () => {
    const before = await listed()
    await deploy(target, 'shop', 'predeploy')
    const after = await listed()
    expect(current(after)[0]?.facts?.imageId).toBe(current(before)[0]?.facts?.imageId)
    expect(after.app?.nextImageId).not.toBe(before.app?.nextImageId)
    await target.run(['ps:restart', 'shop'])
    const restarted = await listed()
    expect(current(restarted)[0]?.facts?.imageId).toBe(after.app?.nextImageId)
  })

  test('a container that was stopped has no address, and says when it ended', async () => {
    await target.run(['ps:stop', 'shop'])
    const [container] = current(await listed())
    expect(container).toMatchObject({ state: 'exited', facts: { addresses: [], oomKilled: false } })
    expect(container?.at).toBe(container?.facts?.finishedAt)
  })
})
