import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { events } from '../../../ui/events/table.ts'
import type { Journal } from '../../../ui/journal/journal.ts'
import { intake } from '../../../ui/outbox/routes.ts'
import { recording } from '../../../ui/recording.ts'

const TOKEN = 'a-token-of-32-characters-or-more!'
let db: Database
let journal: Journal

beforeEach(() => {
  db = openDatabase(':memory:')
  journal = recording(db, { publish() {} })
})
afterEach(() => {
  db.$client.close()
})

const event = (number: number, rest: object = {}) => ({
  id: `1795397599.${String(number).padStart(6, '0')}-100-${number}`,
  trigger: 'post-create',
  args: ['blog'],
  caller: { command: 'apps:create', sshUser: 'root', sudoUser: 'root' },
  ...rest,
})
const post = (body: unknown, headers: Record<string, string> = {}, token: string | null = TOKEN) =>
  intake({ token, record: journal.record }).request('/events', {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const recorded = () => db.select().from(events).all()

describe('POST /events', () => {
  test('takes its token from a header of its own where http-auth has taken Authorization', async () => {
    const behind = { authorization: 'Basic YWRhOnNlY3JldA==' }
    const batch = { host: 'second.example.com', events: [event(1)] }
    expect((await post(batch, behind)).status).toBe(401)
    expect((await post(batch, { ...behind, 'x-dokkubase-token': 'nope' })).status).toBe(401)
    expect((await post(batch, { ...behind, 'x-dokkubase-token': TOKEN })).status).toBe(200)
  })

  test('records a batch and names every id that is safe to forget', async () => {
    const response = await post({ host: 'second.example.com', events: [event(1), event(2)] })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      acknowledged: [event(1).id, event(2).id],
      recorded: 2,
      refused: [],
    })
    expect(recorded()).toMatchObject([
      {
        host: 'second.example.com',
        origin: 'told',
        app: 'blog',
        actor: 'root',
        door: 'terminal',
        at: 1795397599000,
      },
      { host: 'second.example.com' },
    ])
  })

  test('a batch sent again is acknowledged again and recorded once', async () => {
    const batch = { host: 'second', events: [event(1)] }
    await post(batch)
    expect(await (await post(batch)).json()).toEqual({
      acknowledged: [event(1).id],
      recorded: 0,
      refused: [],
    })
    expect(recorded()).toHaveLength(1)
  })

  test('the same id from two hosts is two events', async () => {
    await post({ host: 'one', events: [event(1)] })
    await post({ host: 'two', events: [event(1)] })
    expect(recorded().map(({ host }) => host)).toEqual(['one', 'two'])
  })

  test.each([
    ['no token', {}, { authorization: '' }, 401],
    ['a wrong token', {}, { authorization: 'Bearer nope' }, 401],
    ['no batch', 'not json', {}, 400],
    ['a bad host', { host: '../x', events: [] }, {}, 400],
    ['a bad id', { host: 'h', events: [event(1, { id: '../../x' })] }, {}, 400],
    ['a bad trigger', { host: 'h', events: [event(1, { trigger: 'post create' })] }, {}, 400],
    [
      'too many events',
      { host: 'h', events: Array.from({ length: 501 }, (_, index) => event(index)) },
      {},
      400,
    ],
    [
      'a huge batch',
      JSON.stringify({ host: 'h', events: [event(1, { note: 'x'.repeat(9_000_000) })] }),
      {},
      413,
    ],
  ])('%s is refused with what to do, and nothing is recorded', async (_, body, headers, status) => {
    const response = await post(body, headers)
    expect(response.status).toBe(status)
    expect(JSON.stringify(await response.json())).toMatch(/token|batch/)
    expect(recorded()).toEqual([])
  })

  test('the door is shut where no token is set', async () => {
    const response = await post({ host: 'h', events: [event(1)] }, {}, null)
    expect(response.status).toBe(404)
    expect(recorded()).toEqual([])
  })
})
