import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { actorOf } from '../../../ui/events/actor.ts'
import {
  appOf,
  type Event,
  eventId,
  formatEventFile,
  MAX_EVENT_BYTES,
  noCaller,
  parseEventFile,
  timeOfId,
} from '../../../ui/events/event.ts'

const pushed: Event = {
  id: '1795397599.963536-25240-4242',
  host: 'local',
  origin: 'told',
  trigger: 'builds-record-start',
  at: 1795397599963,
  args: ['blog', 'mwslcic9nxmhnj', '25240', 'git-hook'],
  buildId: 'mwslcic9nxmhnj',
  buildSource: 'git-hook',
  logFile: '/var/lib/dokku/data/builds/blog/mwslcic9nxmhnj.log',
  caller: { ...noCaller, command: 'git-hook', sshUser: 'dokku', sshName: 'laptop-key', loginUid: '0' },
  note: '25240 (dokku) S 1',
}

describe('an event file', () => {
  test('is read back as it was written, whatever bytes its arguments hold', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'))
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), text, (args, note) => {
        const event = { ...pushed, args, note }
        expect(parseEventFile(formatEventFile(event), 'local')).toEqual({ kind: 'event', event })
      }),
    )
  })

  test('cut off at any byte is unfinished, never half an event', () => {
    const whole = formatEventFile(pushed)
    for (let length = 0; length < whole.length; length += 1)
      expect(parseEventFile(whole.subarray(0, length), 'local').kind).toBe('unfinished')
  })

  test('cut off inside a newline of an argument is unfinished too', () => {
    const whole = formatEventFile({ ...pushed, args: ['blog', 'one\ntwo\nthree'] })
    const cut = whole.subarray(0, whole.lastIndexOf('two') + 4)
    expect(cut.at(-1)).toBe(0x0a)
    expect(parseEventFile(cut, 'local').kind).toBe('unfinished')
  })

  test('of an unknown format, with a bad id, too many arguments or too many bytes says why it is refused', () => {
    const reasonOf = (content: Buffer) => {
      const parsed = parseEventFile(content, 'local')
      return parsed.kind === 'broken' ? parsed.reason : parsed.kind
    }
    expect(reasonOf(Buffer.from('2\0x\0\n'))).toMatch(/format "2" is not known/)
    expect(reasonOf(formatEventFile({ ...pushed, id: '../../etc/passwd' }))).toMatch(/id is not/)
    expect(
      reasonOf(Buffer.concat([formatEventFile(pushed).subarray(0, -1), Buffer.from('more\0\n')])),
    ).toMatch(/more arguments/)
    expect(reasonOf(Buffer.alloc(MAX_EVENT_BYTES + 1, 'a'))).toMatch(/larger than/)
  })

  test('with bytes that are no UTF-8 is read with a mark in their place', () => {
    const file = formatEventFile(pushed)
    const at = file.lastIndexOf('blog\0')
    file[at] = 0xff
    const parsed = parseEventFile(file, 'local')
    expect(parsed.kind === 'event' && parsed.event.args[0]).toBe('�log')
  })
})

test('ids sort by time as text', () => {
  const times = [0.001, 999, 1_000, 1_795_397_599_963, 1_795_397_599_963.5, 1_795_397_600_000]
  const ids = times.map((at) => eventId(at, 7, 1))
  expect([...ids].sort()).toEqual(ids)
  expect(timeOfId(eventId(1_795_397_599_963, 7, 1))).toBe(1_795_397_599_963)
})

test('the app is found where each trigger names it', () => {
  expect(appOf('post-create', ['blog'])).toBe('blog')
  expect(appOf('post-release-builder', ['dockerfile', 'blog', 'dokku/blog:latest'])).toBe('blog')
  expect(appOf('post-app-rename', ['old-shop', 'shop'])).toBe('shop')
  expect(appOf('dokkubase-set', ['allow-local-git', 'true'])).toBe(null)
  expect(appOf('scheduler-post-run', ['docker-local', 'blog', 'c1', '0'])).toBe('blog')
  expect(appOf('post-config-update', ['--global', 'set', 'CURL_TIMEOUT'])).toBeNull()
  expect(appOf('post-create', [])).toBeNull()
})

describe('who did it, and by which door', () => {
  const by = (caller: Partial<Event['caller']>, buildSource = '') =>
    actorOf({ caller: { ...noCaller, ...caller }, buildSource })

  test.each([
    [
      by({ command: 'git-hook', sshUser: 'dokku', sshName: 'laptop-key' }, 'git-hook'),
      'laptop-key',
      'git push',
    ],
    [by({ command: 'ps:restart', sshUser: 'dokku', sshName: 'admin' }), 'admin', 'ssh'],
    [
      by({ command: 'config:set', sshUser: 'root', sshName: 'default', sudoUser: 'anna' }),
      'anna',
      'terminal',
    ],
    [by({ command: 'config:set', sshUser: 'root', sshName: 'default', loginUid: '0' }), 'root', 'terminal'],
    [
      by({ command: 'certs:add', sshUser: 'dokku', sshName: 'default', loginUid: '4294967295' }),
      'cron',
      'cron',
    ],
    [by({ command: 'ps:restart', sshUser: 'dokkubase', sshName: 'anna' }), 'anna', 'panel'],
    [by({ command: 'ps:restart', sshUser: 'dokku', sshName: 'panel:anna' }), 'panel:anna', 'ssh'],
    [by({}), 'unknown', 'unknown'],
  ])('%o', (found, actor, door) => {
    expect(found).toEqual({ actor, door })
  })
})
