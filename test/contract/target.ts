import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dispatch } from '../../ui/dokku/simulator/dispatch.ts'
import { hostWorld } from '../../ui/dokku/simulator/host.ts'
import { LAUNCHER } from '../../ui/dokku/simulator/place.ts'

/** The Dokku a contract spec speaks to: the simulator, or the `dokku` on PATH (CONTRACT_TARGET=real). */
export interface Target {
  readonly name: 'simulator' | 'real'
  run(args: readonly string[], options?: RunOptions): Promise<Said>
  /** Asks something that changes nothing: the simulator answers in this process, which saves 450 starts of node. */
  ask(args: readonly string[]): Promise<Said>
  /** What was said, with this server's own paths put back to those of the recordings. */
  asRecorded(text: string): string
  /** Without Docker's own complaints where they are a real Docker's: their words differ with its version. */
  withoutDocker(text: string): string
  close(): void
}

interface TargetWithFiles extends Target {
  /** Content of a file that Dokku keeps on its server. */
  file(path: string): string
}

export interface RunOptions {
  readonly stdin?: string | Buffer
  /** Makes the simulator fail as the same command fails on a real server for a reason of its own. */
  readonly fault?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface Said {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

export const openTarget = (): TargetWithFiles =>
  process.env.CONTRACT_TARGET === 'real' ? realTarget() : simulatorTarget()

function simulatorTarget(): TargetWithFiles {
  const root = mkdtempSync(join(tmpdir(), 'dokku-contract-'))
  const base = { DOKKU_SIMULATOR_ROOT: root, DOKKU_SIMULATOR_SPEED: '0' }
  return {
    name: 'simulator',
    run: (args, { stdin, fault, env } = {}) =>
      execute(LAUNCHER, args, stdin, {
        ...base,
        ...(fault === undefined ? {} : { DOKKU_SIMULATOR_FAULT: fault }),
        ...env,
      }),
    ask: (args) => answer(args, base),
    asRecorded: (text) => text.replaceAll(root, ''),
    withoutDocker: (text) => text,
    file: (path) => readFileSync(join(root, path), 'utf8'),
    close: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** What a Docker client before 23 prints where Dokku removes a container in a way it does not know. */
const USAGE = /^unknown shorthand flag: [\s\S]*?^Run 'docker container COMMAND --help' .*\n+/gm

/** A server made for tests: stage.ts refuses one that has apps of its own. */
function realTarget(): TargetWithFiles {
  return {
    name: 'real',
    run: (args, { stdin, env } = {}) => execute('dokku', args, stdin, { ...env }),
    ask: (args) => execute('dokku', args, undefined, {}),
    asRecorded: (text) => text,
    withoutDocker: (text) =>
      text
        .replace(/\bError(?: response from daemon)?: .+(?:\nexit status 1)?/g, 'Error: <of Docker>')
        .replace(USAGE, ''),
    file: (path) => readFileSync(path, 'utf8'),
    close: () => {},
  }
}

const CONTAINERS = fileURLToPath(new URL('../../subcommands/containers', import.meta.url))
/** What Dokku tells the commands of its plugins. */
const PLUGIN_ENVIRONMENT = {
  DOKKU_ROOT: '/home/dokku',
  DOKKU_LIB_ROOT: '/var/lib/dokku',
  PLUGIN_CORE_AVAILABLE_PATH: '/var/lib/dokku/core-plugins/available',
}

/** Runs `dokkubase:containers`: on a real server this clone's own, whether or not the plugin is installed there. */
export const listContainers = (target: Target): Promise<Said> =>
  target.name === 'simulator'
    ? target.ask(['dokkubase:containers'])
    : execute(CONTAINERS, ['dokkubase:containers'], undefined, PLUGIN_ENVIRONMENT)

async function answer(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Said> {
  const world = hostWorld(env, args)
  const said: Record<1 | 2, Buffer[]> = { 1: [], 2: [] }
  world.terminal = (stream, bytes) => void said[stream].push(bytes)
  const exit = await dispatch(world, args)
  world.state.close()
  return { exit, stdout: Buffer.concat(said[1]).toString(), stderr: Buffer.concat(said[2]).toString() }
}

function execute(
  file: string,
  args: readonly string[],
  stdin: string | Buffer | undefined,
  env: Readonly<Record<string, string>>,
): Promise<Said> {
  return new Promise((resolve, reject) => {
    // A group of its own: builds:cancel ends whole groups.
    const child = spawn(file, args, { env: { ...process.env, ...env }, detached: true })
    const read = (stream: NodeJS.ReadableStream) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      return () => Buffer.concat(chunks).toString()
    }
    const stdout = read(child.stdout)
    const stderr = read(child.stderr)
    child.on('error', (cause) =>
      reject(new Error(`${file} could not be run: is there a Dokku on PATH?`, { cause })),
    )
    child.on('close', (code) => resolve({ exit: code ?? 128, stdout: stdout(), stderr: stderr() }))
    child.stdin.on('error', () => {})
    child.stdin.end(stdin)
  })
}
