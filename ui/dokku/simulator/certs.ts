import { readFileSync } from 'node:fs'
import type { App, Certificate } from './app.ts'
import { readTar } from './archive.ts'
import type { Commands } from './dispatch.ts'
import { updated } from './domains.ts'
import { report } from './report.ts'
import { info } from './speech.ts'
import { appNamed, Refused, refuse, type World } from './world.ts'

export const commands: Commands = {
  'certs:add': add,
  'certs:update': add,
  async 'certs:remove'(world, args) {
    const app = appNamed(world, args[0])
    if (app.certificate === null) throw refuse('An app-specific SSL endpoint is not defined')
    info(world, `Removing SSL endpoint from ${app.name}`)
    world.state.change(app.name, (changed) => {
      changed.certificate = null
      changed.properties['proxy.proxy-ssl-port'] = ''
      changed.ports = changed.ports.filter((map) => !map.startsWith('https:443:'))
    })
    world.fire('post-certs-remove', app.name)
    await updated(world, app.name)
  },
  'certs:show'(world, args) {
    const app = appNamed(world, args[0])
    const kind = args[1]
    if (kind !== 'key' && kind !== 'crt') throw refuse("specify either 'key' or 'crt'")
    if (app.certificate === null) throw refuse(`${app.name} doesn't have an SSL endpoint defined`)
    world.out(app.certificate[kind])
  },
  'certs:report': report('certs'),
}

async function add(world: World, [name, crt, key]: readonly string[]): Promise<void> {
  const app = appNamed(world, name)
  await install(world, app, crt !== undefined && key !== undefined ? fromFiles(crt, key) : fromStdin(world))
}

export async function install(world: World, app: App, certificate: Certificate): Promise<void> {
  world.state.change(app.name, (changed) => {
    changed.certificate = certificate
    for (const [property, standard] of [
      ['proxy.proxy-port', '80'],
      ['proxy.proxy-ssl-port', '443'],
    ] as const)
      if (changed.properties[property] === standard) changed.properties[property] = ''
    changed.ports = withHttps(changed.ports)
  })
  world.fire('post-certs-update', app.name)
  await updated(world, app.name)
}

/** An http:80 mapping gets an https:443 beside it, unless there is one. */
function withHttps(maps: readonly string[]): string[] {
  if (maps.some((map) => map.startsWith('https:443:'))) return [...maps]
  const doubled = maps
    .filter((map) => map.startsWith('http:80:'))
    .map((map) => map.replace('http:80:', 'https:443:'))
  return [...maps, ...doubled].sort()
}

function fromFiles(crt: string, key: string): Certificate {
  return {
    crt: read(crt, 'CRT file specified not found, please check file paths'),
    key: read(key, 'KEY file specified not found, please check file paths'),
  }
}

function read(file: string, complaint: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw refuse(complaint)
  }
}

/** Bytes that are no archive: exit 2 without a word, as Dokku's. */
function fromStdin(world: World): Certificate {
  const files = readTar(world.stdin())
  if (files === null) throw new Refused(2)
  return { crt: one(files, 'crt'), key: one(files, 'key') }
}

function one(files: ReadonlyMap<string, Buffer>, ending: string): string {
  const found = [...files].filter(([name]) => name.endsWith(`.${ending}`))
  if (found.length > 1) throw refuse(`Tar archive contains more than one .${ending} file`)
  const content = found[0]?.[1]
  if (content === undefined) throw refuse(`Tar archive is missing .${ending} file`)
  return content.toString()
}
