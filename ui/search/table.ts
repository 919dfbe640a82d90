/** What of the read model fits what a person looks for. Each statement is prepared once and bounded. */
import type { Database } from '../database/database.ts'
import { sourceWords } from '../deployments/deployment.ts'
import { appHref } from '../web/app-page.ts'
import { deploymentHref } from '../web/deployment-row.ts'
import { shortRevision } from '../web/format.ts'
import { type Hit, KINDS, pagesFor, type Wanted } from './search.ts'

/** So many of each kind; more are found by typing more. */
const MOST = 6
/** So many of the newest deployments are searched by revision and subject, which have no index. */
const NEWEST = 5000

interface FoundApp {
  readonly name: string
  readonly domain: string | null
  readonly gone: number
}

interface FoundDeployment {
  readonly app: string
  readonly number: number
  readonly revision: string
  readonly subject: string
  readonly source: string
  readonly kind: 'build' | 'deploy'
  readonly door: string
}

export type SearchReads = ReturnType<typeof searchReads>

export function searchReads(db: Database) {
  const prepare = <Row>(text: string) => db.$client.prepare<[Record<string, unknown>], Row>(text)
  // Of those of one name the one that is there, else the one that was there last.
  const apps = prepare<FoundApp>(
    `select name, destroyed_at is not null as gone,
      (select domain from domains where app_id = apps.id order by position limit 1) as domain
    from apps
    where instr(lower(name), @text) > 0 and not exists (
      select 1 from apps as other where other.name = apps.name and other.id <> apps.id
        and (other.destroyed_at is null or (apps.destroyed_at is not null and other.id > apps.id))
    )
    order by gone, name <> @text, instr(lower(name), @text), name limit ${MOST}`,
  )
  const domains = prepare<{ domain: string; app: string }>(
    `select domain, apps.name as app from domains join apps on apps.id = app_id
    where instr(lower(domain), @text) > 0 and destroyed_at is null
    order by lower(domain) <> @text, instr(lower(domain), @text), domain limit ${MOST}`,
  )
  const columns = 'apps.name as app, number, revision, subject, source, kind, door'
  const numbered = prepare<FoundDeployment>(
    // App by app, each by its index: the planner would read every deployment.
    `select ${columns} from apps cross join deployments on deployments.app_id = apps.id and number = @number
    where @number > 0 and (@app is null or apps.name = @app) and destroyed_at is null
    order by deployments.id desc limit ${MOST}`,
  )
  const described = prepare<FoundDeployment>(
    `select ${columns} from (select * from deployments order by id desc limit ${NEWEST}) as newest
    join apps on apps.id = app_id
    where number > 0 and destroyed_at is null and (
      (@revision is not null and substr(revision, 1, length(@revision)) = @revision)
      or (@subject is not null and instr(lower(subject), @subject) > 0)
    )
    order by newest.id desc limit ${MOST}`,
  )
  const appNames = db.$client
    .prepare('select name from apps where destroyed_at is null order by name')
    .pluck()
  const isApp = db.$client.prepare('select 1 from apps where name = ? and destroyed_at is null limit 1')

  return {
    appNames: (): readonly string[] => appNames.all().map(String),
    /** At most six of each kind, what was typed word for word first. */
    find(wanted: Wanted): readonly Hit[] {
      const { text, number, revision, subject } = wanted
      if (text === '') return []
      const deployments = [
        ...(number === null ? [] : numbered.all({ ...number })),
        ...(revision === null && subject === null ? [] : described.all({ revision, subject })),
      ]
      const hits = [
        ...apps.all({ text }).map((app) => ofApp(app, text)),
        ...pagesFor(wanted, (name) => isApp.get(name) !== undefined).slice(0, MOST),
        ...domains.all({ text }).map((domain) => ofDomain(domain, text)),
        ...deployments.map((deployment) => ofDeployment(deployment, wanted)),
      ]
      return inOrder(hits)
    },
  }
}

/** Each once, exact ones first. */
function inOrder(hits: readonly Hit[]): readonly Hit[] {
  const byHref = new Map(hits.map((hit) => [`${hit.kind} ${hit.name} ${hit.href}`, hit]))
  const rank = ({ isExact, kind }: Hit): number => KINDS.indexOf(kind) + (isExact ? 0 : KINDS.length)
  return [...byHref.values()].sort((one, other) => rank(one) - rank(other))
}

const ofApp = ({ name, domain, gone }: FoundApp, text: string): Hit => ({
  ...{ kind: 'app', name, detail: gone ? 'destroyed' : (domain ?? 'no domain'), href: appHref(name) },
  isExact: name === text,
})

const ofDomain = ({ domain, app }: { domain: string; app: string }, text: string): Hit => ({
  ...{ kind: 'domain', name: domain, detail: app, href: appHref(app, 'domains') },
  isExact: domain.toLowerCase() === text,
})

/** A number alone is exact too: where one app has it, it is that app's. */
const ofDeployment = (found: FoundDeployment, { number, revision }: Wanted): Hit => ({
  kind: 'deployment',
  name: `${found.app} #${found.number}`,
  detail: [found.revision === '' ? '' : shortRevision(found.revision), found.subject || sourceWords(found)]
    .filter((part) => part !== '')
    .join(' · '),
  href: deploymentHref(found.app, found),
  isExact:
    number?.number === found.number ||
    (revision !== null && revision.length >= 7 && found.revision.startsWith(revision)),
})
