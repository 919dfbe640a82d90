import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alike } from './alike.ts'
import { argumentsOf, type Recording, recordings } from './recorded.ts'
import { setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
beforeAll(() => setStage(target), 900_000)
afterAll(() => target.close())

/** How an app came to be differs: the stage deploys by archive, the recordings pushed. */
const ofItsOwn = (text: string): string =>
  alike(text)
    .replace(/"(app-)?deploy-source(-metadata)?":"[^"]*"/g, '"$1deploy-source$2":"<source>"')
    .replace(/(deploy source( metadata)?: +).*/gi, '$1<source>')
    .replace(/"build-(source|kind|exit-code|finished-at|started-at|status)":"[^"]*"/g, '"build-$1":"<build>"')
    .replace(/(Build (?:source|kind|id|exit code|finished at|started at|status): +).*/g, '$1<build>')

describe.concurrent(`the reports of Dokku, on ${target.name}`, () => {
  test.each(recordings('reports').map((recording) => [recording.command, recording] as const))(
    '%s',
    async (_, recording: Recording) => {
      const said = await target.ask(argumentsOf(recording) ?? [])
      expect(ofItsOwn(target.asRecorded(said.stdout))).toBe(ofItsOwn(recording.stdout))
      expect(said).toMatchObject({ exit: recording.exit, stderr: recording.stderr })
    },
  )
})
