import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LAUNCHER } from '../../../ui/dokku/simulator/place.ts'
import { fixture } from '../../contract/recorded.ts'
import { openServer } from './server.ts'

const server = openServer()
beforeAll(async () => {
  await server.run(['simulator:push', 'shop'])
  await server.run(['checks:set', 'shop', 'wait-to-retire', '0'])
}, 60_000)
afterAll(() => server.close())

interface DockerEvent {
  readonly Action: string
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> }
}

/** Docker's events about containers of processes so far. */
const toldOf = ({ place }: typeof server): readonly string[] =>
  existsSync(place.dockerEvents)
    ? readFileSync(place.dockerEvents, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"com.dokku.container-type":"deploy"'))
    : []

/** Until that stands in what is listed. */
const until = (words: string) =>
  expect.poll(async () => (await server.run(['dokkubase:containers'])).stdout).toContain(words)

/** Follows Docker while `work` goes on: what happened to which name. */
async function during(work: () => Promise<unknown>): Promise<{ lines: string[]; events: DockerEvent[] }> {
  const child = spawn(LAUNCHER, ['dokkubase:containers', '--follow'], {
    env: { ...process.env, DOKKU_SIMULATOR_ROOT: server.place.root, DOKKU_SIMULATOR_SPEED: '0' },
  })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += String(chunk)
  })
  await expect.poll(() => text).toContain('"following"')
  const before = toldOf(server).length
  await work()
  const told = () => text.split('\n').filter((line) => line.includes('"Action"')).length
  await expect.poll(() => told() === toldOf(server).length - before).toBe(true)
  child.stdin.end()
  await new Promise((resolve) => child.on('close', resolve))
  const lines = text.trim().split('\n')
  const parsed = lines.map((line) => JSON.parse(line))
  return { lines, events: parsed.filter((line) => line.Action !== undefined) }
}

const story = (events: readonly DockerEvent[]): string[] =>
  events.map(({ Action, Actor: { Attributes } }) => {
    const name = Attributes.name?.replace(/upcoming-\d+/, 'upcoming-N').replace(/\.\d{10}$/, '.EPOCH')
    const more = Attributes.exitCode ?? Attributes.signal
    return [Action, name, more].filter((word) => word !== undefined).join(' ')
  })

const recordedEvents: readonly DockerEvent[] = fixture('docker/events.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

describe('dokkubase:containers', () => {
  test("lists containers and apps with the keys of a server's own lines", async () => {
    const parsed = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    const listed = parsed((await server.run(['dokkubase:containers'])).stdout)
    const recorded = parsed(fixture('docker/list.jsonl'))
    expect(listed.map(({ kind }) => kind)).toEqual(['container', 'app', 'end'])
    for (const line of listed)
      expect(Object.keys(line)).toEqual(Object.keys(recorded.find(({ kind }) => kind === line.kind)))
    expect(listed[0]).toMatchObject({
      ...{ app: 'shop', process: 'web', dyno: 'web.1', name: '/shop.web.1', image: 'dokku/shop:latest' },
      ...{ status: 'running', exit_code: 0, restarts: 0, restart_policy: 'on-failure', max_restarts: 10 },
      ...{
        addresses: [expect.stringMatching(/^172\.17\.0\.\d+$/), null],
        finished_at: '0001-01-01T00:00:00Z',
      },
    })
    expect(listed[1]).toMatchObject({
      app: 'shop',
      next_image_id: listed[0].image_id,
      upstreams: [`${listed[0].addresses[0]}:5000`],
    })
  })

  test('tells of a restart in the order Docker did', async () => {
    const { events } = await during(() => server.run(['ps:restart', 'shop']))
    const recorded = story(
      recordedEvents.filter(({ Actor }) => Actor.Attributes['com.dokku.container-type'] === 'deploy'),
    )
    expect(story(events).slice(0, 6)).toEqual(recorded.slice(0, 6))
    expect(Object.keys(events[0]?.Actor.Attributes ?? {})).toEqual(
      Object.keys(recordedEvents[0]?.Actor.Attributes ?? {}).filter(
        (key) => !key.startsWith('openresty.') || key === 'openresty.domains',
      ),
    )
  })

  test('tells of ps:stop: an update, TERM, the end, the stop', async () => {
    const { events } = await during(() => server.run(['ps:stop', 'shop']))
    expect(story(events)).toEqual([
      'update shop.web.1',
      'kill shop.web.1 15',
      'die shop.web.1 0',
      'stop shop.web.1',
    ])
    await server.run(['ps:start', 'shop'])
  })

  test('tells a crash from a kill: no kill goes before it', async () => {
    const { events } = await during(async () => {
      await server.run(['simulator:crash', 'shop', 'web.1', '3'])
      await until('"status":"running","exit_code":0,"oom_killed":false,"restarts":1')
    })
    expect(story(events)).toEqual(['die shop.web.1 3', 'start shop.web.1'])
    const killed = await during(() => server.run(['simulator:kill', 'shop', 'web.1']))
    expect(story(killed.events)).toEqual(['kill shop.web.1 9', 'die shop.web.1 137'])
    await server.run(['ps:restart', 'shop'])
  })

  test('tells of a loop of kills for memory as Docker did, until it gives up', async () => {
    const looped = await during(async () => {
      await server.run(['simulator:loop', 'shop', 'web.1', 'oom', '0.01'])
      await until('"status":"exited","exit_code":137,"oom_killed":true,"restarts":10')
    })
    const recordedLoop = fixture('docker/oom-loop.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ Actor }) => Actor.Attributes.name === 'blog.web.1')
    const once = ['oom shop.web.1', 'die shop.web.1 137', 'start shop.web.1']
    expect(story(looped.events).slice(0, 3)).toEqual(once)
    expect(story(looped.events).at(-1)).toBe('die shop.web.1 137')
    expect(story(looped.events).filter((each) => each.startsWith('start'))).toHaveLength(10)
    expect(story(recordedLoop).slice(-2)).toEqual(['oom blog.web.1', 'die blog.web.1 137'])
    await server.run(['ps:restart', 'shop'])
  })

  test('after docker stop and start it has another address, which nginx learns by proxy:build-config', async () => {
    const lines = async () =>
      (await server.run(['dokkubase:containers'])).stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    const { events } = await during(() => server.run(['simulator:move', 'shop', 'web.1']))
    expect(story(events)).toEqual([
      'kill shop.web.1 15',
      'die shop.web.1 0',
      'stop shop.web.1',
      'start shop.web.1',
    ])
    const [moved, app] = (await lines()).filter(({ name = '/shop.web.1' }) => name === '/shop.web.1')
    expect(app.upstreams).not.toContain(`${moved.addresses[0]}:5000`)
    await server.run(['proxy:build-config', 'shop'])
    const after = (await lines()).find(({ kind }) => kind === 'app')
    expect(after.upstreams).toEqual([`${moved.addresses[0]}:5000`])
  })

  test('ends when its stdin does', async () => {
    const said = await server.run(['dokkubase:containers', '--follow'], { stdin: 'x' })
    expect(said.exit).toBe(0)
  })
})
