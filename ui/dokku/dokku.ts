/** The one door to Dokku: everything that reads or changes a server goes through here. */
import { plain } from '../logs/line.ts'

/** Dokku's name for a command, then exact arguments. Never a string to be split. */
export type Command = readonly [
  name: `${string}:${string}` | 'version' | 'logs' | 'run' | 'redirect',
  ...args: string[],
]

/** A command that goes on by itself, e.g. a log tail. */
export interface Followed {
  /** Whole lines as they come; ends when the command does. Throws DokkuError when it fails. */
  readonly lines: AsyncIterable<string>
  /** Ends the whole process group. Safe to call twice. */
  stop(): void
}

export interface Dokku {
  /** Standard output of a command that ends by itself. Throws DokkuError on a non-zero exit or timeout. */
  run(command: Command, options?: { readonly timeoutMs?: number }): Promise<string>
  /** Starts a command and reads it until it ends or `stop` is called. */
  follow(command: Command): Followed
}

/** What Dokku said when a command failed. `exitCode` is null when it was ended by a signal or a timeout. */
export class DokkuError extends Error {
  override readonly name = 'DokkuError'
  readonly command: Command
  readonly exitCode: number | null
  readonly said: string
  constructor(command: Command, exitCode: number | null, said: string) {
    super(`dokku ${command[0]} ended with ${exitCode ?? 'a signal'}: ${said || 'it said nothing'}`)
    this.command = command
    this.exitCode = exitCode
    this.said = said
  }
}

/** Dokku's exit code for "App x does not exist". */
export const NO_SUCH_APP = 20

const MOST_SPOKEN = 64 * 1024

/** What Dokku said on stderr, without its ` !     ` marks and colours; the last twenty lines. */
export const spoken = (stderr: string): string =>
  stderr
    .slice(-MOST_SPOKEN)
    .split('\n')
    .map((line) =>
      plain(line)
        .replace(/^ !\s+/, '')
        .trim(),
    )
    .filter((line) => line !== '')
    .slice(-20)
    .join('\n')
