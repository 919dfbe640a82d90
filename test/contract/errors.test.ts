import { afterAll, beforeAll, describe, test } from 'vitest'
import { argumentsOf, recordings } from './recorded.ts'
import { clientTooOld, expectSame, WHY_TOO_OLD } from './same.ts'
import { setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
beforeAll(() => setStage(target), 900_000)
afterAll(() => target.close())

/** Recorded too, but of parts of Dokku that the panel never asks, or through ssh and git, which are no commands. */
const ELSEWHERE =
  /^(ssh-|help|empty-help|apps-help|builds-help|events|enter-|no-such-key|plugin-|ps-inspect|report-unknown$|git-push|run-notfound|ps-help)/
/** Not refused by Dokku: accepted.test.ts. */
const ACCEPTED =
  /^(locked-|scale-negative|ports-bad-scheme|ports-duplicate|restart-unknown|storage-mount-relative|resource-bad|bad-app-name-dot|domains-duplicate|domains-remove-missing|apps-default|quiet-flag|app-flag|proxy-set-bad|network-unknown|unlock-again|ssh-keys)/

const refusals = recordings('errors').filter(({ name }) => !ELSEWHERE.test(name) && !ACCEPTED.test(name))

const STDIN: Readonly<Record<string, string>> = {
  'apps-destroy-wrong-confirm': 'wrong\n',
  'certs-add-not-tar': 'this is no archive',
}

describe.concurrent(`what Dokku refuses, and how, on ${target.name}`, () => {
  test.for(refusals.map((recording) => [recording.name, recording.command, recording] as const))(
    '%s: %s',
    async ([name, , recording], { skip }) => {
      const stdin = STDIN[name]
      const said = await target.run(argumentsOf(recording) ?? [], stdin === undefined ? {} : { stdin })
      skip(target.name === 'real' && clientTooOld(said), WHY_TOO_OLD)
      expectSame(target, said, recording)
    },
  )
})
