import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Files as they will be committed: tracked ones, and new ones git does not ignore. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const sources = files.filter((file) => /^ui\/.*\.ts$/.test(file))

/** Folders of ui/ that are no features: they may be used by any. */
const GROUND = new Set(['web', 'database', 'dokku', 'live', 'journal', 'demo'])
const OWN = /\/(routes|views|table|projection)\.ts$/

const importsOf = (file: string) =>
  [...read(file).matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => normalize(join(dirname(file), path)))
const featureOf = (file: string) => (file.split('/').length > 2 ? (file.split('/')[1] ?? '') : '')

describe('the layout', () => {
  test('a feature never imports the routes, views, table or projection of another', () => {
    const crossing = sources.flatMap((file) =>
      importsOf(file)
        .filter((imported) => OWN.test(imported))
        .filter((imported) => featureOf(file) !== '' && featureOf(imported) !== featureOf(file))
        .filter((imported) => !GROUND.has(featureOf(imported)))
        .map((imported) => `${file} → ${imported}`),
    )
    // The journal's own table is what it is for.
    expect(crossing.filter((line) => line !== 'ui/journal/journal.ts → ui/events/table.ts')).toEqual([])
  })

  test('only the entry points read the environment of the process', () => {
    const readers = sources.filter((file) => /\bprocess\.(env|argv|exit)\b/.test(read(file)))
    const allowed =
      /^ui\/(main|verbs|start|require-node)\.ts$|^ui\/(demo|dokku\/simulator)\/|^ui\/web\/build\.ts$|\/script-names\.ts$/
    expect(readers.filter((file) => !allowed.test(file))).toEqual([])
  })

  test('exactly one file is named commands: `dokku help` runs every one of that name, at any depth', () => {
    expect(files.filter((file) => /(^|\/)commands$/.test(file))).toEqual(['commands'])
  })

  test('no drawer: nothing is called utils, helpers, common, service, manager or controller', () => {
    const drawers = /(^|\/)(utils?|helpers?|common|misc|services?|managers?|controllers?)(\.[a-z]+)?(\/|$)/i
    expect(files.filter((file) => drawers.test(file))).toEqual([])
  })

  test('no file of the panel is longer than one idea', () => {
    const long = sources
      .map((file) => [file, read(file).split('\n').length] as const)
      .filter(([, lines]) => lines > 251)
    expect(long).toEqual([])
  })

  test('a test waits with the patience all share, never with a limit of its own', () => {
    const waiting = files
      .filter((file) => /^test\/.*\.ts$/.test(file) && file !== 'test/patience.ts')
      .filter((file) => /\bvi\s*\.\s*wait(For|Until)\b/.test(read(file)))
    expect(waiting).toEqual([])
  })

  test('every subcommand has a line in the help and a test', () => {
    const help = read('commands')
    const tests = files
      .filter((file) => /^test\/(plugin|host)\/.*\.bats$/.test(file))
      .map(read)
      .join('\n')
    const names = files.filter((file) => file.startsWith('subcommands/')).map((file) => file.slice(12))
    expect(names.length).toBeGreaterThan(0)
    const lacking = names
      .filter((name) => name !== 'default')
      .filter((name) => !help.includes(`dokkubase:${name}`) || !tests.includes(name))
    expect(lacking).toEqual([])
  })
})
