import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** One command as it was recorded on Dokku 0.38.27. */
export interface Recording {
  readonly name: string
  readonly command: string
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

export const fixture = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../fixtures/0.38.27/${file}`, import.meta.url)), 'utf8')

export function recordings(file: 'commands' | 'errors' | 'reports'): Recording[] {
  return fixture(`${file}.jsonl`)
    .trim()
    .split('\n')
    .map((line) => {
      const { name, command, exit, stdout, stderr } = JSON.parse(line)
      return { name, command, exit: Number(exit), stdout, stderr }
    })
}

/** The arguments of a recorded `dokku …` as the shell saw them; null where something else was run. */
export function argumentsOf({ command }: Recording): string[] | null {
  const [first, ...args] = words(command)
  return first === 'dokku' ? args : null
}

/** Splits as a POSIX shell: backslashes and both quotes. */
function words(command: string): string[] {
  const found = command.match(/(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\])+/gs) ?? []
  return found.map((word) =>
    word.replace(
      /\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)"/gs,
      (_, escaped, single, double) => escaped ?? single ?? double?.replace(/\\(.)/gs, '$1') ?? '',
    ),
  )
}

/** A whole deploy: what came on the terminal, without the second at which it came. */
export function deployRecording(name: string): { readonly exit: number; readonly lines: readonly string[] } {
  const { exit, lines } = JSON.parse(fixture(`deploys/${name}.json`))
  return { exit: Number(exit), lines: lines.map(([, line]: [number, string]) => line) }
}
