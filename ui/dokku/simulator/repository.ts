import { readTar } from './archive.ts'
import { recordedSource, type Source, type Step, type Task } from './source.ts'

/** Reads Dockerfile, Procfile and app.json out of an archive: what a deploy of it will show. */
export function sourceOfArchive(bytes: Buffer, before: Source | null): Source {
  const files = readTar(bytes)
  if (files === null) return before ?? recordedSource
  const text = (name: string): string => files.get(name)?.toString() ?? ''
  const dockerfile = text('Dockerfile').split('\n')
  const app = parseAppJson(text('app.json'))
  return {
    ...recordedSource,
    processes: procfile(text('Procfile')),
    build: {
      ...recordedSource.build,
      from: `docker.io/library/${argument(dockerfile, 'FROM') ?? 'scratch'}`,
      steps: steps(dockerfile),
      exposes: Number(argument(dockerfile, 'EXPOSE') ?? 0) || null,
    },
    ...app,
  }
}

function procfile(text: string): Record<string, string> {
  const matches = text.matchAll(/^([\w-]+):\s*(.+)$/gm)
  return Object.fromEntries([...matches].map(([, type = '', command = '']) => [type, command.trim()]))
}

const argument = (dockerfile: readonly string[], word: string): string | undefined =>
  dockerfile
    .find((line) => line.startsWith(`${word} `))
    ?.slice(word.length + 1)
    .trim()

/** Instructions that make a layer; those the recordings know keep what they printed. */
function steps(dockerfile: readonly string[]): Step[] {
  const layers = dockerfile.filter((line) => /^(WORKDIR|COPY|ADD|RUN) /.test(line))
  return layers.map(
    (instruction) =>
      recordedSource.build.steps.find((step) => step.instruction === instruction) ?? {
        instruction,
        seconds: 0,
        lines: [],
      },
  )
}

interface AppJsonCheck {
  readonly name?: string
  readonly path?: string
  readonly attempts?: number
  readonly timeout?: number
}

interface AppJson {
  readonly scripts?: { readonly dokku?: { readonly predeploy?: string; readonly postdeploy?: string } }
  readonly healthchecks?: Readonly<Record<string, readonly AppJsonCheck[]>>
  readonly cron?: readonly { readonly command: string; readonly schedule: string }[]
  readonly formation?: Readonly<Record<string, { readonly quantity?: number }>>
}

function parseAppJson(
  text: string,
): Pick<Source, 'predeploy' | 'postdeploy' | 'healthchecks' | 'cron' | 'formation'> {
  const parsed: AppJson = text === '' ? {} : JSON.parse(text)
  const { predeploy, postdeploy } = parsed.scripts?.dokku ?? {}
  return {
    predeploy: taskOf(predeploy),
    postdeploy: taskOf(postdeploy),
    healthchecks: Object.entries(parsed.healthchecks ?? {}).flatMap(([processType, checks]) =>
      checks.flatMap(({ name = '', path, ...limits }) =>
        path === undefined ? [] : [{ ...limits, processType, name, path }],
      ),
    ),
    cron: parsed.cron ?? [],
    formation: parsed.formation === undefined ? null : quantities(parsed.formation),
  }
}

const taskOf = (script: string | undefined): Task | null =>
  script === undefined ? null : { script, says: script.replace(/^echo /, '') }

const quantities = (formation: NonNullable<AppJson['formation']>): Record<string, number> =>
  Object.fromEntries(Object.entries(formation).map(([type, { quantity = 1 }]) => [type, quantity]))
