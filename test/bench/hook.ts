import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const REPO = new URL('../../', import.meta.url).pathname

/** Median times of one run, in milliseconds, and how the hook behaved meanwhile. */
export interface HookTimes {
  /** Starting a program that does nothing: what neither bash nor the hook can be faster than. */
  readonly program: number
  /** `bash -c :` */
  readonly bash: number
  readonly hook: number
  /** hook / bash; aim: at most 1.3. */
  readonly ratio: number
  readonly runs: number
  /** Times the hook ended with something else than 0. */
  readonly failed: number
  /** Bytes on its stdout and stderr. */
  readonly said: number
  readonly stdinLeftWhole: boolean
}

export interface HookOptions {
  /** DOKKU_LIB_ROOT of the hook; its outbox is below. */
  readonly root: string
  readonly trigger?: string
  readonly args?: readonly string[]
  /** At least 200 for a median worth telling. */
  readonly runs?: number
  /** A command that runs what follows it, say in a mount namespace of its own. */
  readonly within?: readonly string[]
}

/** The hook against `bash -c :`, one after the other, `runs` times. */
export function timeHook({ root, within = [], ...options }: HookOptions): HookTimes {
  const { trigger = 'post-deploy', args = ['blog', '', '', 'latest'], runs = 400 } = options
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-hook-said-'))
  const [program = '', ...rest] = [
    ...within,
    `${REPO}test/bench/hook.sh`,
    String(runs),
    join(folder, 'said'),
    `${REPO}triggers/${trigger}`,
    ...args,
  ]
  const env = { PATH: '/usr/bin:/bin', HOME: folder, DOKKU_LIB_ROOT: root }
  const output = execFileSync(program, rest, { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  rmSync(folder, { recursive: true })
  const rows = output.split('\n').map((line) => line.split(' '))
  const values = (name: string) => rows.filter(([key]) => key === name).map(([, value]) => value ?? '')
  const milliseconds = (name: string) => median(values(name).map(Number)) / 1000
  const [bash, hook] = [milliseconds('bash'), milliseconds('hook')]
  return {
    program: milliseconds('program'),
    bash,
    hook,
    ratio: hook / bash,
    runs,
    failed: Number(values('failed')[0]),
    said: Number(values('said')[0]),
    stdinLeftWhole: values('stdin')[0] === 'whole',
  }
}

/** What the file system alone takes for one new file in `folder`, milliseconds: no hook can be faster than this. */
export function timeNewFile(folder: string, runs = 400): number {
  const times = Array.from({ length: runs }, (_, index) => {
    const from = performance.now()
    closeSync(openSync(join(folder, `new-${index}`), 'wx'))
    return performance.now() - from
  })
  return median(times)
}

/** A DOKKU_LIB_ROOT with an empty outbox, below `parent`. */
export function newRoot(parent: string): { readonly root: string; readonly outbox: string } {
  const root = mkdtempSync(join(parent, 'dokkubase-'))
  const outbox = join(root, 'data/dokkubase/outbox')
  mkdirSync(outbox, { recursive: true })
  return { root, outbox }
}

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
