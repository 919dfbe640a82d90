import type { App } from './app.ts'
import { hex } from './docker.ts'
import { hostileLines, longOutput } from './hostile.ts'
import type { Source, Step } from './source.ts'
import { info, warn } from './speech.ts'
import { refuse, type World } from './world.ts'

/** `docker build` as BuildKit prints it without a terminal. Throws when the image can't be made. */
export async function buildImage(world: World, app: App, source: Source, changed: boolean): Promise<void> {
  if (world.faults.has('no-builder')) return await noBuilder(world, app)
  info(world, `Building ${app.name} from Dockerfile`)
  world.fire('pre-build', 'dockerfile', app.name, workDir(world))
  await world.clock.wait(0.5)
  world.out('#0 building with "default" instance using docker driver\n\n')
  internal(world, 1, 'load build definition from Dockerfile', 'transferring dockerfile: 219B done')
  world.out('#2 [internal] load .dockerignore\n#2 transferring context: 2B done\n#2 DONE 0.0s\n')
  if (world.faults.has('dockerfile-syntax')) return syntaxError(world, app)
  world.out('\n')
  internal(world, 3, `load metadata for ${source.build.from}`)
  const total = source.build.steps.length + 1
  world.out(`#4 [1/${total}] FROM ${source.build.from}\n#4 DONE 0.0s\n\n`)
  if (source.build.steps.length > 0)
    internal(world, 5, 'load build context', 'transferring context: 1.80kB done')
  await runSteps(world, app, source, changed)
  exportImage(world, app, total)
}

/** The folder Dokku builds in; the hooks are told of it. */
export const workDir = (world: World): string => `/tmp/dokku-${world.pid()}-git_build_app_repo.XXXXXX`

async function runSteps(world: World, app: App, { build }: Source, changed: boolean): Promise<void> {
  const total = build.steps.length + 1
  const stale = firstStale(app, build, changed)
  const heavy = build.steps.reduce<Step | undefined>(
    (a, b) => (a === undefined || b.seconds > a.seconds ? b : a),
    undefined,
  )
  for (const [i, step] of build.steps.entries()) {
    const place = { number: i + 6, label: `[${i + 2}/${total}]` }
    if (step === heavy && world.faults.has('build')) return await failStep(world, app, build.failing, place)
    const cached = i < stale && !extraOutput(world, step === heavy)
    world.out(`#${place.number} ${place.label} ${step.instruction}\n`)
    if (cached) world.out(`#${place.number} CACHED\n\n`)
    else await runStep(world, step, place.number, step === heavy)
  }
}

/** From which step on Docker has nothing in its cache. */
function firstStale(app: App, build: Source['build'], changed: boolean): number {
  if (app.builds === 0 || app.source === null) return 0
  const copies = build.steps.findIndex(({ instruction }) => instruction.startsWith('COPY '))
  if (app.source.build.dependencies !== build.dependencies) return copies
  return changed ? build.steps.length - 1 : build.steps.length
}

async function runStep(world: World, step: Step, number: number, heavy: boolean): Promise<void> {
  await printLines(world, step.lines, number)
  if (heavy && world.faults.has('long-output')) await longOutput(world, number)
  if (heavy && world.faults.has('hostile')) hostileLines(world)
  world.out(`#${number} DONE ${step.seconds.toFixed(1)}s\n\n`)
}

async function printLines(world: World, lines: Step['lines'], number: number): Promise<void> {
  let passed = 0
  for (const [second, text] of lines) {
    await world.clock.wait(second - passed)
    passed = second
    world.out(`#${number} ${second.toFixed(3)} ${text}\n`)
  }
}

const extraOutput = (world: World, heavy: boolean): boolean =>
  heavy && (world.faults.has('long-output') || world.faults.has('hostile'))

interface PlaceInBuild {
  readonly number: number
  readonly label: string
}

async function failStep(world: World, app: App, step: Step, { number, label }: PlaceInBuild): Promise<void> {
  const shell = step.instruction.replace(/^RUN /, '/bin/sh -c ')
  const error = `executor failed running [${shell}]: exit code: 1`
  world.out(`#${number} ${label} ${step.instruction}\n`)
  await printLines(world, step.lines, number)
  world.out(`#${number} ERROR: ${error}\n------\n > ${label} ${step.instruction}:\n`)
  for (const [second, text] of step.lines) world.out(`${second.toFixed(3)} ${text}\n`)
  world.out('------\n')
  fail(world, app, `ERROR: failed to build: failed to solve: ${error}`)
}

function syntaxError(world: World, app: App): void {
  const what = 'failed to create LLB definition: dockerfile parse error line 1: unknown instruction: FROMM'
  fail(world, app, `ERROR: failed to build: failed to solve: ${frontend(what)}`)
}

const frontend = (what: string): string =>
  `rpc error: code = Unknown desc = failed to solve with frontend dockerfile.v0: ${what}`

async function noBuilder(world: World, app: App): Promise<void> {
  const image = 'docker.io/gliderlabs/herokuish:latest-24'
  const url = 'https://registry.example/v2/gliderlabs/herokuish/manifests/latest-24'
  const lookup = `failed to do request: Head "${url}": dial tcp: lookup registry.example on 10.255.255.53:53: no such host`
  info(world, `Building ${app.name} from herokuish`)
  await world.clock.wait(0.3)
  world.out('#0 building with "default" instance using docker driver\n\n')
  internal(
    world,
    1,
    'load build definition from copy-source.Dockerfile',
    'transferring dockerfile: 256B done',
  )
  internal(world, 2, 'load .dockerignore', 'transferring context: 2B done')
  world.out(`#3 [internal] load metadata for ${image}\n#3 ERROR: ${lookup}\n`)
  world.out(`------\n > [internal] load metadata for ${image}:\n------\n`)
  const error = frontend(`failed to create LLB definition: ${lookup}`)
  world.out(`ERROR: failed to build: failed to solve: ${error}\n`)
  warn(world, 'Failure extracting app code')
  fail(world, app, null)
}

/** Dokku puts the last image back and ends the whole process: nothing after it runs, no trigger says so. */
function fail(world: World, app: App, error: string | null): never {
  if (error !== null) world.out(`${error}\n`)
  const tag = `dokku/${app.name}:latest`
  if (app.image === '') warn(world, `Removing invalid image tag ${tag}`)
  else warn(world, `Retagging old image ${app.image.slice(0, 12)} as ${tag}`)
  throw refuse('App build failed')
}

function internal(world: World, number: number, what: string, detail?: string): void {
  world.out(`#${number} [internal] ${what}\n`)
  if (detail !== undefined) world.out(`#${number} ${detail}\n`)
  world.out(`#${number} DONE 0.0s\n\n`)
}

function exportImage(world: World, app: App, total: number): void {
  const number = total + 5
  const digest = hex(world, 64)
  world.state.change(app.name, (changed) => {
    changed.image = digest
    changed.builds += 1
    app.image = changed.image
    app.builds = changed.builds
  })
  world.out(`#${number} exporting to image\n#${number} exporting layers done\n`)
  world.out(`#${number} writing image sha256:${digest} done\n`)
  world.out(`#${number} naming to docker.io/dokku/${app.name}:latest done\n#${number} DONE 0.0s\n`)
}
