import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { LAUNCHER, type Place, placeAt } from '../../../ui/dokku/simulator/place.ts'

export interface Said {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** A simulated server of one test file, with everything only the simulator can do. */
export interface Server {
  readonly place: Place
  run(
    args: readonly string[],
    options?: { readonly stdin?: string | Buffer; readonly env?: Record<string, string> },
  ): Promise<Said>
  close(): void
}

export function openServer(speed = '0'): Server {
  const place = placeAt(mkdtempSync(join(tmpdir(), 'dokku-simulator-')))
  return {
    place,
    async run(args, { stdin = '', env = {} } = {}) {
      const result = await execa(LAUNCHER, args, {
        input: stdin,
        env: { DOKKU_SIMULATOR_ROOT: place.root, DOKKU_SIMULATOR_SPEED: speed, ...env },
        reject: false,
        detached: true,
        stripFinalNewline: false,
      })
      return { exit: result.exitCode ?? 128, stdout: result.stdout, stderr: result.stderr }
    },
    close: () => rmSync(place.root, { recursive: true, force: true }),
  }
}

/** A trigger as a plugin was called for it. */
export interface Fired {
  readonly trigger: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Enables a plugin that notes each of these triggers. */
export function recordTriggers(server: Server, triggers: readonly string[]): { taken(): Fired[] } {
  const plugin = join(server.place.lib, 'plugins/enabled/recorder')
  const file = join(server.place.root, 'fired')
  mkdirSync(plugin, { recursive: true })
  writeFileSync(join(plugin, 'note'), HOOK(file))
  chmodSync(join(plugin, 'note'), 0o755)
  for (const trigger of triggers) symlinkSync('note', join(plugin, trigger))
  writeFileSync(file, '')
  return {
    taken() {
      const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
      writeFileSync(file, '')
      return lines.map(parse)
    },
  }
}

const NOTED = [
  'DOKKU_BUILD_ID',
  'DOKKU_BUILD_SOURCE',
  'DOKKU_COMMAND',
  'DOKKU_CRON_ID',
  'SSH_USER',
  'SSH_NAME',
  'NAME',
  'FINGERPRINT',
  'SUDO_USER',
]

/** One line a call: the trigger, some variables, the arguments; all apart by a unit separator. */
const HOOK = (file: string): string => `#!/bin/bash
{ printf '%s\\037' "\${0##*/}" ${NOTED.map((name) => `"$${name}"`).join(' ')} "$@"; printf '\\n'; } >>'${file}'
`

function parse(line: string): Fired {
  const [trigger = '', ...rest] = line.split('\u001f').slice(0, -1)
  const env = Object.fromEntries(NOTED.map((name, i) => [name, rest[i] ?? '']))
  return { trigger, args: rest.slice(NOTED.length), env }
}
