/** What a job can be: for each kind, what may be asked for and which one command that is. */
import type * as z from 'zod'
import type { Command } from '../dokku/dokku.ts'
import type { Priority } from './job.ts'

export interface Asked {
  /** The app it changes; null: the server. */
  readonly app: string | null
  readonly command: Command
}

export interface Repeat {
  /** So often in all, by itself, when it fails. 1: only when somebody says so. */
  readonly times: number
  readonly backoffMs: number
}

export interface Kind {
  readonly name: string
  readonly priority: Priority
  /** Null where running the command twice may do harm. */
  readonly repeat: Repeat | null
  /** Throws a ZodError when this cannot be asked for. Called when it is asked for, and again when it runs. */
  read(payload: unknown): Asked
  /** What the command is given by stdin, checked as often; null where it is given nothing. */
  readonly input: Input | null
  /** Dokku's own command to end it, tried before it is ended by force; null where there is none. */
  canceling(payload: unknown): Command | null
  /** Words of Dokku's by which it did nothing though it ended well, and what to say of it. */
  readonly vain: Vain
}

export type Vain = readonly (readonly [said: RegExp, reason: string])[]

/** A file may be anything and as large as it likes, so only the gate reads it. */
export type Input = 'file' | TextInput

export interface TextInput {
  /** Throws when it cannot be given. */
  check(text: string): void
  /** What of it must not be shown should the command print it. */
  secrets(text: string): readonly string[]
}

/** `command` gets what was asked for after it was checked, so no unchecked text reaches an argv. */
export interface KindOptions<Payload> {
  readonly name: string
  readonly payload: z.ZodType<Payload>
  app(payload: NoInfer<Payload>): string | null
  command(payload: NoInfer<Payload>): Command
  readonly priority?: Priority
  readonly repeat?: Repeat | null
  readonly input?: Input | null
  canceling?(payload: NoInfer<Payload>): Command
  readonly vain?: Vain
}

export const kind = <Payload>({
  name,
  payload,
  app,
  command,
  priority = 'usual',
  repeat = null,
  input = null,
  canceling,
  vain = [],
}: KindOptions<Payload>): Kind => ({
  name,
  priority,
  repeat,
  input,
  vain,
  read(asked) {
    const checked = payload.parse(asked)
    return { app: app(checked), command: command(checked) }
  },
  canceling(asked) {
    const checked = payload.safeParse(asked)
    return checked.success && canceling ? canceling(checked.data) : null
  },
})

export const isText = (input: Input | null): input is TextInput => input !== null && input !== 'file'

export type Kinds = ReadonlyMap<string, Kind>

export const kindsOf = (all: readonly Kind[]): Kinds => new Map(all.map((one) => [one.name, one]))
