import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { argumentsOf, type Recording, recordings } from './recorded.ts'
import { clientTooOld, expectSame, WHY_TOO_OLD } from './same.ts'
import { setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
beforeAll(() => setStage(target), 900_000)
afterAll(() => target.close())

const recorded = new Map(recordings('commands').map((recording) => [recording.name, recording]))
const named = (names: string): (readonly [string, Recording])[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => {
      const recording = recorded.get(name)
      if (recording === undefined) throw new Error(`nothing was recorded as ${name}`)
      return [recording.command, recording] as const
    })

/** Questions: they change nothing, so they are asked side by side. */
const QUESTIONS = named(`
  apps-list apps-list-json apps-list-quiet apps-report-flag builds-output-last certs-report checks-report config-export
  config-export-docker config-export-envfile config-export-exports config-export-json config-export-json-list
  config-export-pretty config-export-shell config-get config-keys config-keys-merged config-show config-show-global
  cron-list cron-list-empty-json cron-list-global cron-list-json docker-options-list domains-list-urls
  domains-report-global domains-report-global-json git-public-key git-report git-status logs-failed network-exists
  network-info network-list network-list-json nginx-validate ports-list ports-list-json proxy-report ps-report-flag
  ps-report-running ps-scale ps-scale-json resource-limit resource-report resource-reserve scheduler-report
  storage-list storage-list-empty-json storage-list-entries storage-list-entries-json storage-list-json url urls-shop
  version
`)

/** Changes, in an order in which each finds what it needs. */
const CHANGES = named(`
  apps-create apps-rename apps-clone apps-destroy apps-destroy2 apps-lock apps-locked apps-unlock config-set-multi
  config-set-noop config-set-secret-echo config-unset config-unset-multi
`)

describe.concurrent(`what Dokku answers, on ${target.name}`, () => {
  test.for(QUESTIONS)('%s', async ([, recording], { skip }) => {
    const said = await target.ask(argumentsOf(recording) ?? [])
    skip(target.name === 'real' && clientTooOld(said), WHY_TOO_OLD)
    expectSame(target, said, recording)
  })
})

describe(`what Dokku says when it changes something, on ${target.name}`, () => {
  test.each(CHANGES)('%s', async (_, recording) => {
    expectSame(target, await target.run(argumentsOf(recording) ?? []), recording)
  })

  test('apps:destroy without --force asks for the name first', async () => {
    await target.run(['apps:create', 'newapp2'])
    const [, recording] = named('apps-destroy-confirm')[0] ?? []
    if (recording)
      expectSame(target, await target.run(argumentsOf(recording) ?? [], { stdin: 'newapp2\n' }), recording)
    expect((await target.run(['apps:exists', 'newapp2'])).exit).toBe(20)
  })
})
