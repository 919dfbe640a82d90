/** A Dokku that says what was recorded of a real one, and events as they come to who asks it. */
import { type Command, type Dokku, DokkuError } from '../../../ui/dokku/dokku.ts'
import type { RecordedEvent } from '../../../ui/events/event.ts'
import { recordings } from '../../contract/recorded.ts'
import { hookEvent } from '../story/events.ts'

type Recorded = Parameters<typeof recordings>[0]

/** What it says, by command line. */
export const saidIn = (...files: readonly Recorded[]): ReadonlyMap<string, string> =>
  new Map(files.flatMap((file) => recordings(file)).map(({ command, stdout }) => [command, stdout]))

/** `instead` answers before the recordings; whatever neither knows is of an app that does not exist. */
export function recordedDokku(
  said: ReadonlyMap<string, string>,
  instead: (command: string) => string | undefined = () => undefined,
) {
  const asked: string[] = []
  const dokku: Dokku = {
    async run(command: Command) {
      const text = command.join(' ')
      asked.push(text)
      const answer = instead(text) ?? said.get(`dokku ${text}`)
      if (answer === undefined) throw new DokkuError(command, 20, `App ${command[1]} does not exist`)
      return answer
    },
    follow() {
      throw new Error('not asked here')
    },
  }
  return { dokku, asked }
}

interface Told {
  readonly trigger: string
  readonly app: string
  readonly at: number
  readonly buildId?: string
}

export const toldEvent = ({ trigger, app, at, buildId = '' }: Told): RecordedEvent => ({
  ...hookEvent({ id: `${trigger}-${app}`, trigger, at, args: [app], buildId }),
  seq: 1,
  app,
})
