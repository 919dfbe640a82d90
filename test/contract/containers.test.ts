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
  expect(lines.at(-1)).toMatchObject({ kind: 'end' })
  return {
    containers: lines.flatMap((line) =>
      line?.kind === 'container' && line.container.app === 'shop' ? line.container : [],
    ),
    app: lines.flatMap((line) => (line?.kind === 'app' && line.app.app === 'shop' ? line.app : []))[0],
  }
}

/** Has the process of shop's web.1 end by itself: with code 3, or by taking more memory than it may. */
async function end(how: 'exit' | 'memory'): Promise<void> {
  if (target.name === 'simulator') {
    await target.run(['simulator:crash', 'shop', 'web.1', how === 'memory' ? 'oom' : '3'])
    return
  }
  const [container] = current(await listed())
  await fetch(`http://${container?.facts?.addresses[0]}:5000/${how}`).catch(() => {})
}

const until = (isSo: (container: ContainerLine | undefined) => boolean) =>
  expect.poll(async () => isSo(current(await listed())[0]), { timeout: 60_000, interval: 500 }).toBe(true)

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

  test('a change of config releases an image anew, and a restart does not', async () => {
    const before = await listed()
    await target.run(['ps:restart', 'shop'])
    expect((await listed()).app?.nextImageId).toBe(before.app?.nextImageId)
    await target.run(['config:set', 'shop', 'A=1'])
    const after = await listed()
    expect(after.app?.nextImageId).not.toBe(before.app?.nextImageId)
    expect(current(after)[0]?.facts?.imageId).toBe(after.app?.nextImageId)
  })

  test('Dokku’s own containers are those of its CONTAINER files', async () => {
    const { containers, app } = await listed()
    expect(app?.current).toEqual(containers.filter(({ name }) => name === 'shop.web.1').map(({ id }) => id))
    expect(app?.scheduler).toBe('docker-local')
  })

  test('Docker starts a process again that ended, in the same container, and counts it', async () => {
    const [before] = current(await listed())
    await end('exit')
    await until((container) => container?.facts?.restarts === 1 && container.state === 'running')
    const [after] = current(await listed())
    expect(after).toMatchObject({ id: before?.id, exitCode: null, facts: { oomKilled: false } })
    expect(after?.facts?.startedAt).toBeGreaterThan(after?.facts?.finishedAt ?? Number.POSITIVE_INFINITY)
    expect(after?.facts?.finishedAt).toBeGreaterThan(before?.facts?.startedAt ?? Number.POSITIVE_INFINITY)
  })

  test('it tells which end was the kernel’s, for memory, and at which limit', async () => {
    await target.run(['resource:limit', '--memory', '60m', 'shop'])
    await target.run(['ps:restart', 'shop'])
    await end('memory')
    await until((container) => container?.facts?.restarts === 1 && container.state === 'running')
    expect(current(await listed())[0]?.facts).toMatchObject({ oomKilled: true, memoryLimit: 60 * 2 ** 20 })
  })

  test('a container that was stopped has no address, and says when it ended', async () => {
    await target.run(['ps:stop', 'shop'])
    const [container] = current(await listed())
    expect(container).toMatchObject({ state: 'exited', facts: { addresses: [], restartPolicy: 'no' } })
    expect(container?.at).toBe(container?.facts?.finishedAt)
  })
})
