import { expect, test } from 'vitest'
import { newBuildId } from '../../../ui/dokku/simulator/record.ts'
import type { World } from '../../../ui/dokku/simulator/world.ts'
import { alike } from '../../contract/alike.ts'

test.each(['2026-11-23', '2026-12-25', '2028-02-29', '2038-01-20', '2058-12-31'])(
  'the ids and times of a run on %s are recognized',
  (day) => {
    const at = Date.parse(day)
    const id = newBuildId({ clock: { now: () => at }, random: () => 0.5 } as World)
    expect(alike(`Build ${id} began at ${at / 1000} (${new Date(at).toISOString()})`)).toBe(
      'Build <build> began at <seconds> (<time>)',
    )
  },
)

test.each(['4d1f7b9543b', '07731567353', '077315673530', 'abcdefabcde'])(
  '%s is the id of a container',
  (id) => {
    expect(alike(`web.1: running (CID: ${id})`)).toBe('web.1: running (CID: <id>)')
  },
)

test('a size in bytes and a long word are not taken for a time or an id', () => {
  const text = 'memory 1073741824 limit 536870912 for web-interfaces of internationally-known apps'
  expect(alike(text)).toBe(text)
})
