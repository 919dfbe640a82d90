/** Every page on a seeded server, without a door in front: what component tests ask and screenshots are taken of. */
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { LogOfDeployment } from '../../../ui/deployments/page-views.ts'
import type { PanelTrouble } from '../../../ui/overview/overview.ts'
import { countsOf, pageReads, pages } from '../../../ui/pages.ts'
import { assets } from '../../../ui/web/assets.ts'
import { NotFound } from '../../../ui/web/errors.ts'
import { frame, type PageEnv } from '../../../ui/web/frame.ts'
import { NOW, type Seed } from './seed.ts'

/** Stands in for the logs feature, which has its own tests. */
const log: LogOfDeployment = {
  explain: () => ({
    lines: [
      { line: 17, text: 'npm error code ENOTCACHED' },
      { line: 18, text: 'npm error request to https://registry.example/left-pad failed: only-if-cached' },
    ],
    hint: 'npm was told to work offline and the package is not in its cache.',
  }),
  progress: ({ startedAt }) => ({
    steps: [
      { step: 'received', at: startedAt, line: 1 },
      { step: 'build', at: startedAt + 2000, line: 4 },
    ],
    buildStep: '4/5',
    buildCommand: 'RUN npm ci',
  }),
  pane: () => html`<div id="log" class="panel p-4 typed">log</div>`,
}

export interface Told {
  readonly clock?: () => number
  readonly troubles?: () => readonly PanelTrouble[]
}

export function panelOf(
  { db }: Pick<Seed, 'db'>,
  { clock = () => NOW, troubles = () => [] }: Told = {},
): Hono<PageEnv> {
  const { asset, routes } = assets()
  const reads = pageReads(db)
  return new Hono<PageEnv>()
    .route('/', routes)
    .use(async (c, next) => {
      c.set('account', { id: 1, name: 'admin', role: 'admin' })
      await next()
    })
    .use(frame({ clock, asset, counts: countsOf(reads), position: () => 'run-0' }))
    .route('/', pages(reads, { log, troubles }))
    .onError((error, c) => {
      if (error instanceof NotFound) return c.text(error.message, 404)
      throw error
    })
}
