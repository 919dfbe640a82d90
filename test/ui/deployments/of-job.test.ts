import { expect, test } from 'vitest'
import { jobs } from '../../../ui/jobs/table.ts'
import { newJob } from '../jobs/drivers.ts'
import { asker } from '../story/ask.ts'
import { deploy, MINUTE, SECOND, told } from '../story/events.ts'
import { NOW, unseeded } from '../story/seed.ts'

const AT = NOW - 20 * MINUTE
const COMMAND = 'dokku git:from-image hello registry.invalid/ada/hello:1'
const REASON = 'lookup registry.invalid: no such host'

/** An app whose image could not be pulled, by the panel unless another `who` did it, and the job of that time. */
function panel({
  who = 'panel',
  reason = 'Stopped at the start',
}: {
  who?: 'panel' | 'ada'
  reason?: string
}) {
  const { db, record } = unseeded()
  record([told(NOW - 60 * MINUTE, 'ada', 'post-create', ['hello'])])
  record(
    deploy({
      ...{ app: 'hello', at: AT, who, source: 'git:from-image', took: 4 * SECOND },
      end: { step: 'received', reason, lines: [2] },
    }),
  )
  const job = { ...newJob(), kind: 'git:from-image', app: 'hello', payload: { app: 'hello' }, token: 'a' }
  const times = (from: number) => ({ queuedAt: from, startedAt: from, endedAt: from + 6 * SECOND })
  db.insert(jobs)
    .values([
      { ...job, command: 'dokku ps:restart hello', state: 'succeeded', ...times(AT - 9 * SECOND) },
      { ...job, command: COMMAND, state: 'failed', exitCode: 7, reason: REASON, ...times(AT - SECOND) },
      { ...job, command: 'dokku ps:stop hello', state: 'succeeded', ...times(AT + 9 * SECOND) },
    ])
    .run()
  return asker({ db })
}

test('a deployment that a job began names the command and leads to the job', async () => {
  const ask = panel({})
  expect(await ask.text('/apps/hello/deployments/1')).toContain(`Job 2 ${COMMAND}`)
  expect(await ask.html('/apps/hello/deployments/1')).toContain('href="/jobs/2"')
})

test('a failed deployment says why its job failed, where its own log does not', async () => {
  expect(await panel({}).text('/apps/hello/deployments/1')).toContain(`Job 2 : ${REASON}`)
  const same = await panel({ reason: REASON }).text('/apps/hello/deployments/1')
  expect(same.split(REASON)).toHaveLength(2)
})

test('a deployment that was begun elsewhere has no job, also while one ran', async () => {
  expect(await panel({ who: 'ada' }).text('/apps/hello/deployments/1')).not.toContain('Job 2')
})
