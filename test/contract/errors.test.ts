import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alike } from './alike.ts'
import { argumentsOf, type Recording, recordings } from './recorded.ts'
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
  test.each(refusals.map((recording) => [recording.name, recording.command, recording] as const))(
    '%s: %s',
    async (name, _, recording: Recording) => {
      const stdin = STDIN[name]
      const said = await target.run(argumentsOf(recording) ?? [], stdin === undefined ? {} : { stdin })
      expect(alike(target.asRecorded(said.stdout))).toBe(alike(recording.stdout))
      expect(alike(said.stderr)).toBe(alike(recording.stderr))
      expect(said.exit).toBe(recording.exit)
    },
  )
})
