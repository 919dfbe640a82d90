import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { afterEach, describe, expect, test } from 'vitest'
import { type Live, live } from '../../../ui/live/live.ts'
import { liveRoutes } from '../../../ui/live/routes.ts'
import { eventually } from '../../patience.ts'

describe('what changed', () => {
  test('is gathered: many publishes at once are one change', async () => {
    const changes = live({ gatherMs: 10 })
    const heard: string[][] = []
    changes.subscribe(({ topics }) => heard.push([...topics]))
    for (let i = 0; i < 250; i += 1) changes.publish(['events', 'app:blog'])
    changes.publish([])
    await eventually(() => expect(heard.length).toBeGreaterThan(0))
    expect(heard).toEqual([['events', 'app:blog']])
  })

  test('is remembered from any id on, and unknown for an id of another run or too long ago', async () => {
    const changes = live({ gatherMs: 1 })
    const publish = async (topic: string) => {
      const before = changes.latest()
      changes.publish([topic])
      await eventually(() => expect(changes.latest()).not.toBe(before))
      return changes.latest()
    }
    const first = await publish('one')
    const second = await publish('two')
    expect(changes.since(first)?.map(({ topics }) => topics)).toEqual([['two']])
    expect(changes.since(second)).toEqual([])
    expect(changes.since('another-1')).toBeNull()
    expect(changes.since(`${first}9999`)).toBeNull()
    expect(changes.since('nonsense')).toBeNull()
  })
})

describe('GET /live', () => {
  let server: ServerType | undefined
  let allowed = true
  afterEach(() => {
    if (server && 'closeAllConnections' in server) server.closeAllConnections()
    server?.close()
    allowed = true
  })

  const open = async (changes: Live, headers: Record<string, string> = {}, query = '') => {
    const app = liveRoutes({ live: changes, admit: () => ({ stillAllowed: () => allowed, leave() {} }) })
    const started = await new Promise<ServerType>((resolve) => {
      const one: ServerType = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(one))
    })
    server = started
    const address: AddressInfo | string | null = started.address()
    const port = address === null || typeof address === 'string' ? 0 : address.port
    const abort = new AbortController()
    const response = await fetch(`http://127.0.0.1:${port}/live${query}`, { headers, signal: abort.signal })
    let text = ''
    const ended = (async () => {
      const decoder = new TextDecoder()
      for await (const part of response.body ?? []) text += decoder.decode(part)
    })().catch(() => undefined)
    const until = (wanted: string) => eventually(() => expect(text).toContain(wanted))
    return { response, text: () => text, until, abort, ended }
  }

  test('names each topic as an event, and the id only with the last of a change', async () => {
    const changes = live({ gatherMs: 1 })
    const stream = await open(changes)
    await stream.until('event: connected')
    expect(stream.response.headers.get('x-accel-buffering')).toBe('no')
    changes.publish(['apps', 'app:blog'])
    await stream.until('app:blog')
    expect(stream.text()).toContain('event: apps\ndata: 1\n\n')
    expect(stream.text()).toContain(`event: app:blog\ndata: 1\nid: ${changes.latest()}\n\n`)
    stream.abort.abort()
  })

  test('a page that was away is told what it missed, or that everything changed', async () => {
    const changes = live({ gatherMs: 1 })
    const before = changes.latest()
    changes.publish(['deployment:42'])
    await eventually(() => expect(changes.latest()).not.toBe(before))
    const away = await open(changes, { 'Last-Event-ID': before })
    await away.until('event: deployment:42')
    away.abort.abort()
    const stranger = await open(changes, {}, '?after=otherrun-7')
    await stranger.until('event: all')
    stranger.abort.abort()
  })

  test('counts who looks, and forgets who left', async () => {
    const changes = live({ gatherMs: 1 })
    const stream = await open(changes)
    await stream.until('event: connected')
    expect(changes.viewers()).toBe(1)
    stream.abort.abort()
    await eventually(() => expect(changes.viewers()).toBe(0))
  })

  test('ends at the next change once the session is over', async () => {
    const changes = live({ gatherMs: 1 })
    const stream = await open(changes)
    await stream.until('event: connected')
    allowed = false
    changes.publish(['app:secret'])
    await stream.ended
    expect(stream.text()).not.toContain('app:secret')
    expect(changes.viewers()).toBe(0)
  })
})
