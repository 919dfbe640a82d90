import { expect, test } from 'vitest'
import { actorOf } from '../../../ui/events/actor.ts'
import { type Event, eventId, noCaller, seenEvent } from '../../../ui/events/event.ts'
import { isUntold } from '../../../ui/events/timeline.ts'
import { sentence, spoken } from '../../../ui/events/words.ts'
import { attribution } from '../../../ui/journal/attribution.ts'

const NOW = Date.UTC(2026, 10, 3)

/** What is said of changes that are detected `afterMs` a job of ada's for blog. */
function said(kind: string, changes: readonly (readonly [string, ...string[]])[], afterMs = 2000) {
  const clock = { now: NOW }
  const { jobOver, attributed } = attribution(() => clock.now)
  jobOver({ id: 1, kind, app: 'blog', who: 'ada' })
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
  expect(said('apps:lock', [['lock-seen', 'blog', 'false'], locked])).toEqual([
    'blog is no longer locked (detected)',
    'ada locked blog',
  ])
  expect(said('apps:lock', [['lock-seen', 'shop', 'true']])).toEqual(['shop is locked (detected)'])
  expect(said('ps:scale', [locked])).toEqual(['blog is locked (detected)'])
  expect(said('apps:lock', [locked], 3_600_000)).toEqual(['blog is locked (detected)'])
})

/** What is said of blog being scaled, by who is told of or found running. */
function scaled({ running, told }: { running?: string; told?: Partial<Event['caller']> }, times = 1) {
  const job = running === undefined ? undefined : { id: 7, kind: running, who: 'ada' }
  const {
    attributed,
    told: hear,
    jobOver,
  } = attribution(
    () => NOW,
    (app) => (app === 'blog' ? job : undefined),
  )
  const event = (trigger: string, changes: Partial<Event> = {}) =>
    seenEvent({ id: eventId(NOW, 1, trigger), host: 'local', trigger, at: NOW, args: ['blog'], ...changes })
  if (told) hear([event('post-deploy', { caller: { ...noCaller, command: 'ps:scale', ...told } })])
  const actors = () =>
    attributed([event('formation-seen', { args: ['blog', 'web=2'] })]).map((each) => actorOf(each).actor)
  const all = Array.from({ length: times }, actors).flat()
  if (job) jobOver({ ...job, app: 'blog' })
  return [...all, ...actors()]
}

test('what is detected while its job still runs is its doing, once', () => {
  expect(scaled({ running: 'ps:scale' }, 2)).toEqual(['ada', 'unknown', 'unknown'])
  expect(scaled({ running: 'apps:lock' })).toEqual(['unknown', 'unknown'])
})

test('a scale from a terminal or over ssh is the doing of whoever called it', () => {
  expect(scaled({ told: { sshUser: 'root', sudoUser: 'grace' } })).toEqual(['grace', 'unknown'])
  expect(scaled({ told: { sshUser: 'dokku', sshName: 'laptop' } })).toEqual(['laptop', 'unknown'])
  expect(scaled({ told: { sudoUser: 'grace', command: 'ps:rebuild' } })).toEqual(['unknown', 'unknown'])
})
