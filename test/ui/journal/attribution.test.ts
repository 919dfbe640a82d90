import { expect, test } from 'vitest'
import { actorOf } from '../../../ui/events/actor.ts'
import { eventId, seenEvent } from '../../../ui/events/event.ts'
import { isUntold } from '../../../ui/events/timeline.ts'
import { sentence, spoken } from '../../../ui/events/words.ts'
import { attribution } from '../../../ui/journal/attribution.ts'

const NOW = Date.UTC(2026, 10, 3)

/** What is said of changes that are detected `afterMs` a job of ada's for blog. */
function said(kind: string, changes: readonly (readonly [string, ...string[]])[], afterMs = 2000) {
  const clock = { now: NOW }
  const { jobOver, attributed } = attribution(() => clock.now)
  jobOver({ kind, app: 'blog', who: 'ada' })
  clock.now += afterMs
  const at = clock.now
  const events = changes.map(([trigger, ...args], index) =>
    seenEvent({ id: eventId(at, 1, `${index}`), host: 'local', trigger, at, args }),
  )
  return attributed(events).map((event) => {
    const app = event.args[0] ?? null
    const text = spoken(sentence({ ...event, app, actor: actorOf(event).actor }))
    return isUntold({ ...event, seq: 1, app }) ? `${text} (detected)` : text
  })
}

test('what a command without a trigger changed is the doing of the admin whose job ran it', () => {
  expect(said('apps:lock', [['lock-seen', 'blog', 'true']])).toEqual(['ada locked blog'])
  expect(said('apps:unlock', [['lock-seen', 'blog', 'false']])).toEqual(['ada unlocked blog'])
  expect(said('ps:scale', [['formation-seen', 'blog', 'web=2', 'worker=1']])).toEqual([
    'ada scaled blog to 2 web, 1 worker',
  ])
})

test('a job explains one change, of its own app and its own kind, and soon after it', () => {
  const locked = ['lock-seen', 'blog', 'true'] as const
  expect(said('apps:lock', [locked, locked])).toEqual(['ada locked blog', 'blog is locked (detected)'])
  expect(said('apps:lock', [['lock-seen', 'shop', 'true']])).toEqual(['shop is locked (detected)'])
  expect(said('ps:scale', [locked])).toEqual(['blog is locked (detected)'])
  expect(said('apps:lock', [locked], 3_600_000)).toEqual(['blog is locked (detected)'])
})
