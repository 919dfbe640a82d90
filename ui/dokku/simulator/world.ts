import type { App } from './app.ts'
import type { Clock } from './clock.ts'
import type { Fault } from './fault.ts'
import type { Place } from './place.ts'
import type { State } from './state.ts'
import type { Tee } from './tee.ts'
import type { Terminal } from './terminal.ts'

/**
 * What one run of `dokku` may touch. The real one (host.ts) speaks to a terminal, waits and fires the plugins'
 * hooks; the one of the past (past.ts) moves a clock of its own and writes the events the hooks would have written.
 */
export interface World {
  readonly place: Place
  readonly state: State
  readonly clock: Clock
  /** A push passes through two of Dokku's commands, so it changes. */
  caller: Caller
  /** The whole standard input; empty where it is closed. */
  readonly stdin: () => Buffer
  /** The process that a build record names. */
  readonly pid: () => number
  /** 0 ≤ x < 1 */
  readonly random: () => number
  readonly faults: Set<Fault>
  readonly tee: Tee
  /** Where out and err end up; git stands in between during a push. */
  terminal: Terminal
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Raw bytes to stdout. */
  readonly bytes: (bytes: Buffer) => void
  /** Fires a trigger as plugn does. Throws Refused when a hook says no. */
  readonly fire: (trigger: string, ...args: readonly string[]) => void
  /** Takes the lock that flock(1) sees; false when another process has it. */
  readonly lock: (file: string) => Lock | null
  /** Appends one of Docker's events. */
  readonly docker: (event: object) => void
  /** The build under way in this process; hooks are told of it. */
  build: Build | null
  /** The cron entry that is run; hooks are told of it. */
  cronId: string
  /** Whether old builds and their logs are deleted; not while history is played, for whoever reads it later needs them. */
  readonly forgets: boolean
  /** `--quiet`, `--force`, `--app` */
  readonly flags: Flags
}

export interface Caller {
  readonly command: string
  readonly sshUser: string
  readonly sshName: string
  /** NAME and FINGERPRINT: only sshd sets them. */
  readonly name: string
  readonly fingerprint: string
  readonly sudoUser: string
}

export interface Flags {
  readonly quiet: boolean
  readonly force: boolean
}

export interface Build {
  readonly app: string
  readonly id: string
  readonly source: string
  readonly log: string
}

export interface Lock {
  release(): void
}

/** Dokku said no: its words and its exit code. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly exitCode: number
  /** Whole lines as Dokku prints them on stderr; none where Dokku says nothing. */
  readonly lines: readonly string[]
  constructor(exitCode: number, ...lines: readonly string[]) {
    super(lines.join('\n'))
    this.exitCode = exitCode
    this.lines = lines
  }
}

export const NO_SUCH_APP = 20
export const NOT_IMPLEMENTED = 10

/** Dokku's ` !     ` and exit 1. */
export const refuse = (...words: readonly string[]): Refused =>
  new Refused(1, ...words.map((w) => ` !     ${w}`))

/** The app, or Dokku's "does not exist" and exit 20. */
export function appNamed(world: World, name: string | undefined): App {
  if (name === undefined || name === '') throw refuse('Please specify an app to run the command on')
  const app = world.state.app(name)
  if (app === null) throw new Refused(NO_SUCH_APP, ` !     App ${name} does not exist`)
  return app
}
