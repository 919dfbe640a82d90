/** The log routes of a real server on a port of its own, and a reader of their streams. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import * as z from 'zod'
import { apps } from '../../../ui/apps/table.ts'
import { openDatabase } from '../../../ui/database/database.ts'
import { deploymentReads, deployments } from '../../../ui/deployments/table.ts'
import { copies } from '../../../ui/logs/copies.ts'
import { type LogsOptions, logs } from '../../../ui/logs/routes.ts'
import { pageReads } from '../../../ui/pages.ts'
import type { assets } from '../../../ui/web/assets.ts'
import { errors } from '../../../ui/web/errors.ts'
import { frame, type PageEnv } from '../../../ui/web/frame.ts'
import { page } from '../../../ui/web/layout.ts'
import { knowVisitor, security } from '../../../ui/web/security.ts'

const silent: LogsOptions['dokku'] = { follow: () => ({ lines: (async function* () {})(), stop() {} }) }

/** Two apps, shop and blog, and of shop the deployments #1, which runs, and #2, which failed. With `built`, for a browser. */
export async function logServer(options: Partial<LogsOptions> = {}, built?: ReturnType<typeof assets>) {
  const root = mkdtempSync(join(tmpdir(), 'dokkubase-logs-'))
  mkdirSync(join(root, 'builds/shop'), { recursive: true })
  const db = openDatabase(':memory:')
  const startedAt = Date.now()
  db.insert(apps)
    .values([{ name: 'shop' }, { name: 'blog' }, { name: 'old', destroyedAt: 1 }])
    .run()
  const build = {
    appId: 1,
    kind: 'build',
    source: 'git-hook',
    actor: 'laptop',
    door: 'git push',
    pid: 1,
    startedAt,
  } as const
  const logFile = join(root, 'builds/shop/one.log')
  db.insert(deployments)
    .values([
      { ...build, number: 1, buildId: 'one', status: 'running', logFile },
      { ...build, number: 2, buildId: 'two', status: 'failed', logFile: join(root, 'builds/shop/two.log') },
    ])
    .run()
  const log = copies({ db, builds: join(root, 'builds') })
  const { heads } = pageReads(db)
  const feature = logs({
    copies: log,
    dokku: silent,
    heads,
    deployments: deploymentReads(db),
    admit: () => ({ stillAllowed: () => true, leave() {} }),
    ...options,
  })
  const asset = built?.asset ?? ((name: string) => `/assets/${name}`)
  const { onError } = errors({
    log: { error() {}, warn() {} },
    counter: { inc() {} },
    clock: Date.now,
    asset,
  })
  const reads = deploymentReads(db)
  const counts = () => ({ apps: 0, deployments: 0, certificates: 0, jobs: 0 })
  const app = new Hono<PageEnv>()
    .use(knowVisitor(false), ...security())
    .route('/', built?.routes ?? new Hono())
    .use(frame({ clock: Date.now, asset, counts, position: () => '0' }))
    .route('/', feature.routes)
    .get('/apps/shop/deployments/:number', (c) => {
      const deployment = reads.numbered(1, Number(c.req.param('number')))
      if (deployment === undefined) return c.notFound()
      const shown = feature.pane(c.get('frame'), deployment, 'shop')
      return c.html(
        page(c.get('frame'), { title: 'shop', at: 'apps', trail: [], scripts: ['log.js'] }, shown),
      )
    })
  app.onError(onError)
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return {
    db,
    log,
    feature,
    server,
    root,
    running: { id: 1, logFile, startedAt },
    failed: { id: 2, logFile: join(root, 'builds/shop/two.log'), startedAt },
    /** Cuts every open connection, as a proxy that restarts does. */
    cut: () => 'closeAllConnections' in server && server.closeAllConnections(),
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    async close() {
      feature.close()
      log.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(root, { recursive: true })
    },
  }
}

const Lines = z.array(z.tuple([z.number(), z.number(), z.string()]).rest(z.string()))
export interface Told {
  readonly id: string
  readonly event: string
  readonly data: string
}

/** A browser's EventSource, as far as a test needs one. */
export async function look(url: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on('error', reject)
  })
  const told: Told[] = []
  let pending = ''
  let lastId = ''
  let ended = false
  response.setEncoding('utf8')
  response.on('data', (data: string) => {
    const parts = (pending + data).split('\n\n')
    pending = parts.pop() ?? ''
    for (const part of parts) {
      const fields = new Map(
        part.split('\n').map((line) => [line.split(': ', 1)[0] ?? '', line.slice(line.indexOf(': ') + 2)]),
      )
      lastId = fields.get('id') ?? lastId
      told.push({
        id: fields.get('id') ?? '',
        event: fields.get('event') ?? '',
        data: fields.get('data') ?? '',
      })
    }
  })
  response.on('close', () => {
    ended = true
  })
  response.on('error', () => {})
  const of = (event: string) => told.filter((one) => one.event === event && one.data !== '')
  const lines = () => of('').flatMap(({ data }) => Lines.parse(JSON.parse(data)))
  return {
    status: response.statusCode,
    headers: response.headers,
    told,
    of,
    lines,
    texts: () => lines().map(([, , text]) => text),
    numbers: () => lines().map(([number]) => number),
    lastId: () => lastId,
    ended: () => ended,
    pause: () => response.pause(),
    resume: () => response.resume(),
    leave: () => response.destroy(),
  }
}
