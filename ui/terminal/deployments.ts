/** `deployments [app] [--num n] [--format json]`: every deploy the panel knows, newest first. */
import { type DeploymentInBrief, titleOf } from '../deployments/deployment.ts'
import { duration, shortRevision } from '../web/format.ts'
import { asked } from './asked.ts'
import { columns, stamp, type Verb } from './terminal.ts'

export const deployments: Verb = (terminal, args) => {
  const reads = terminal.reads(terminal.open())
  const { app, num, json } = asked(args, reads.apps)
  const filter = app === undefined ? {} : { appId: app.id }
  const found = [
    ...reads.deployments.running(filter),
    ...reads.deployments.page(filter, { limit: num }),
  ].slice(0, num)
  const names = reads.apps.byIds([...new Set(found.map(({ appId }) => appId))])
  const rows = found.map((deployment) => ({ deployment, app: names.get(deployment.appId)?.name ?? '' }))
  const now = terminal.clock()
  terminal.print(
    json ? `${JSON.stringify(rows.map(asJson))}\n` : columns([HEADS, ...rows.map((row) => cells(row, now))]),
  )
}

interface Row {
  readonly deployment: DeploymentInBrief
  readonly app: string
}

const HEADS = ['App', 'Number', 'Status', 'Source', 'By', 'Started', 'Duration', 'What']

const cells = ({ app, deployment }: Row, now: number): string[] => [
  app,
  `#${deployment.number}`,
  deployment.status,
  deployment.source,
  deployment.actor,
  stamp(deployment.startedAt),
  deployment.endedAt === null && deployment.status !== 'running'
    ? 'not known'
    : duration((deployment.endedAt ?? now) - deployment.startedAt),
  (deployment.status === 'failed' && deployment.reason !== '' ? deployment.reason : titleOf(deployment)) +
    (deployment.revision === '' ? '' : ` (${shortRevision(deployment.revision)})`),
]

/** Names as in `dokku builds:list --format json` where Dokku has the thing too. */
const asJson = ({ app, deployment }: Row) => ({
  app,
  number: deployment.number,
  id: deployment.buildId,
  kind: deployment.kind,
  source: deployment.source,
  status: deployment.status,
  actor: deployment.actor,
  door: deployment.door,
  revision: deployment.revision,
  subject: deployment.subject,
  started_at: new Date(deployment.startedAt).toISOString(),
  finished_at: deployment.endedAt === null ? null : new Date(deployment.endedAt).toISOString(),
  failed_step: deployment.failedStep,
  reason: deployment.reason,
})
