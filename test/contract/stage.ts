import { expect } from 'vitest'
import { makeCertificate } from '../../ui/certificates/making.ts'
import { tar } from '../../ui/certificates/tar.ts'
import type { Said, Target } from './target.ts'

const APPS = ['web', 'shop', 'broken', 'empty']

/**
 * The server of the recordings: `web` (web=2 worker=1, a mount, options), `shop` (two domains, a certificate),
 * `broken` (its last build failed), `empty` (never deployed). Answers with what takes it down again.
 */
export async function setStage(target: Target, apps: readonly string[] = APPS): Promise<() => Promise<void>> {
  await refuseApps(target)
  try {
    await furnishAll(target, apps)
  } catch (error) {
    await clearStage(target)
    throw error
  }
  return () => clearStage(target)
}

async function furnishAll(target: Target, apps: readonly string[]): Promise<void> {
  await run(target, 'domains:set-global', 'dokku.test')
  for (const app of apps) {
    await run(target, 'apps:create', app)
    if (app !== 'empty') expect(await deploy(target, app), `the deploy of ${app}`).toMatchObject({ exit: 0 })
    await furnish(target, app)
  }
}

/** An app that is already there may be anybody's, whatever its name: it is never destroyed to make room. */
async function refuseApps(target: Target): Promise<void> {
  const there = await appsOf(target)
  if (there.length === 0) return
  throw new Error(
    `the contract needs a Dokku without apps; this one has ${there.join(', ')} (destroy them yourself if an earlier run left them)`,
  )
}

/** What the specs made since the server was seen without apps. */
async function clearStage(target: Target): Promise<void> {
  if (target.name === 'simulator') return
  for (const app of await appsOf(target))
    if (OURS.test(app)) await run(target, 'apps:destroy', app, '--force')
  await forgetMounts(target)
}

/** A folder stays registered when it is unmounted, also when its app is destroyed. The folder itself is left alone. */
async function forgetMounts(target: Target): Promise<void> {
  const { stdout } = await target.run(['storage:list-entries', '--format', 'json'])
  const entries: readonly { readonly name: string; readonly host_path: string }[] = JSON.parse(stdout)
  for (const { name, host_path: path } of entries)
    if (MOUNTED.test(path)) await target.run(['storage:destroy', name, '--force'])
}

const MOUNTED = new RegExp(`^(?:relative|/var/lib/dokku/data/storage/(?:${APPS.join('|')})(?:/.*)?)$`)

async function appsOf(target: Target): Promise<readonly string[]> {
  return JSON.parse((await target.run(['apps:list', '--format', 'json'])).stdout)
}

const OURS = /^(web|shop|broken|empty|slow|tmp\d|newapp\d|ren\d|web-copy\d?|synced|fromimg|bad\.name)$/

async function furnish(target: Target, app: string): Promise<void> {
  if (app === 'web') await furnishWeb(target)
  if (app === 'shop') {
    await run(target, 'domains:add', 'shop', 'www.shop.dokku.test')
    await target.run(['certs:add', 'shop'], { stdin: certificate('shop.dokku.test', 'www.shop.dokku.test') })
  }
  if (app === 'broken') await deploy(target, app, 'build')
}

async function furnishWeb(target: Target): Promise<void> {
  await run(target, 'config:set', '--no-restart', 'web', 'GREETING=hi', 'NO_VHOST=0', 'T=1')
  await run(target, 'storage:mount', 'web', '/var/lib/dokku/data/storage/web:/data')
  await run(target, 'resource:limit', '--memory', '256', 'web')
  await run(target, 'checks:set', 'web', 'wait-to-retire', '5')
  await run(target, 'nginx:set', 'web', 'client-max-body-size', '50m')
  await run(target, 'docker-options:add', 'web', 'deploy', '--env X=1')
  await run(target, 'ps:scale', 'web', 'web=2', 'worker=1')
}

/** A deploy of the recorded app by archive. `broken` is what shall go wrong. */
export async function deploy(target: Target, app: string, broken: Broken | null = null): Promise<Said> {
  await run(target, 'git:set', app, 'deploy-branch', 'main')
  if (broken === null) await run(target, 'network:set', app, 'bind-all-interfaces', 'true')
  const said = await target.run(['git:from-archive', app, '--'], {
    stdin: archive(broken),
    ...(broken === null ? {} : { fault: broken }),
  })
  if (broken === null) await run(target, 'ports:set', app, 'http:80:5000')
  return said
}

/** A command of the setting itself: it must work. */
async function run(target: Target, ...args: readonly string[]): Promise<void> {
  const said = await target.run(args)
  expect(said, `dokku ${args.join(' ')}`).toMatchObject({ exit: 0 })
}

export type Broken = 'build' | 'healthcheck' | 'crash' | 'predeploy'

/** The recorded app, and what breaks it on a real server; the simulator is told by name. */
const SOURCE: Readonly<Record<string, string>> = {
  Dockerfile: [
    'FROM node:24-slim',
    'WORKDIR /app',
    'COPY package.json ./',
    'RUN echo "install step" && npm install --omit=dev --no-audit --no-fund --offline',
    'COPY . .',
    'EXPOSE 5000',
    'CMD ["node", "server.js"]',
  ].join('\n'),
  Procfile: 'web: node server.js\nworker: node worker.js\n',
  'package.json': '{"name":"contract","version":"1.0.0","private":true}\n',
  'app.json': JSON.stringify({
    scripts: { dokku: { predeploy: 'echo predeploy ran', postdeploy: 'echo postdeploy ran' } },
    healthchecks: {
      web: [{ type: 'startup', name: 'web check', path: '/healthz', timeout: 3, attempts: 3 }],
    },
    cron: [{ command: "node -e 'console.log(1)'", schedule: '*/30 * * * *' }],
  }),
  'server.js': `const http = require('node:http')
const kept = []
http.createServer((request, response) => {
  console.log(new Date().toISOString(), request.method, request.url)
  if (request.url === '/exit') process.exit(3)
  if (request.url === '/memory') setInterval(() => kept.push(Buffer.alloc(8e6, 1)), 5)
  response.end('ok')
}).listen(process.env.PORT || 5000, () => console.log('listening on 5000'))
process.on('SIGTERM', () => { console.log('SIGTERM, bye'); process.exit(0) })
`,
  'worker.js': `console.log('worker started')
let count = 0
setInterval(() => console.log('worker tick ' + ++count), 5000)
process.on('SIGTERM', () => process.exit(0))
`,
}

type Change = readonly [file: string, from: string | RegExp, to: string]

const BREAKS: Readonly<Record<Broken, readonly Change[]>> = {
  build: [
    [
      'Dockerfile',
      /RUN .*/,
      'RUN echo "install step" && npm install --omit=dev --no-audit --offline left-pad@1.3.0',
    ],
  ],
  healthcheck: [
    ['server.js', "response.end('ok')", "response.statusCode = 500\n  response.end('not ok')"],
    ['app.json', '"attempts":3', '"attempts":2'],
  ],
  crash: [['server.js', /^/, 'process.exit(1)\n']],
  predeploy: [['app.json', 'echo predeploy ran', 'echo predeploy bad; exit 7']],
}

let archives = 0
/** Each differs from those before. */
export function archive(broken: Broken | null): Buffer {
  archives += 1
  const files: Record<string, string> = { ...SOURCE, REVISION: `${process.pid}-${archives}\n` }
  const changes = broken === null ? [] : BREAKS[broken]
  for (const [file, from, to] of changes) Object.assign(files, { [file]: files[file]?.replace(from, to) })
  return tar(files)
}

/** A self-signed certificate and its key as certs:add takes them. */
export function certificate(...names: readonly string[]): Buffer {
  const from = Math.floor(Date.now() / 1000) * 1000
  const subject = [
    ['C', 'DE'],
    ['O', 'Demo'],
  ] as const
  const { crt, key } = makeCertificate({ names, subject, from, until: from + YEAR_MS, issuer: null })
  return tar({ 'server.crt': crt, 'server.key': key })
}

const YEAR_MS = 365 * 86_400_000
