/** The floor under the pages: the same rows by plain SQL, each as one template string with its texts escaped. */
import type { Database } from '../../ui/database/database.ts'

const escaped = (text: unknown): string =>
  String(text ?? '').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

type Values = Readonly<Record<string, unknown>>
const values = (row: unknown): Values => (typeof row === 'object' && row !== null ? { ...row } : {})

export function plainApps({ $client }: Database): () => string {
  const rows = $client.prepare(
    `select apps.id, apps.name, apps.state, apps.recent,
       (select domain from domains where domains.app_id = apps.id limit 1) as domain,
       (select group_concat(process_type || ' ' || quantity, ' · ') from process_types where process_types.app_id = apps.id) as formation,
       last.subject, last.revision, last.actor, last.door, last.status, last.started_at as at
     from apps left join deployments as last on last.id = apps.last_deployment_id
     where apps.destroyed_at is null order by apps.name`,
  )
  return () =>
    `<table>${rows
      .all()
      .map(values)
      .map(
        (row) =>
          `<tr id="app-${escaped(row.id)}" class="row"><td><a href="/apps/${escaped(row.name)}">${escaped(row.name)}</a><div>${escaped(row.domain)}</div></td><td>${escaped(row.state)}</td><td>${escaped(row.status)} ${escaped(row.subject)}<div><code>${escaped(row.revision).slice(0, 7)}</code> <time datetime="${new Date(Number(row.at)).toISOString()}"></time></div></td><td>${escaped(row.actor)} · ${escaped(row.door)}</td><td>${escaped(row.formation)}</td><td>${escaped(row.recent)}</td></tr>`,
      )
      .join('')}</table>`
}

export function plainEvents({ $client }: Database): () => string {
  const rows = $client.prepare(
    "select * from events where trigger in ('builds-record-start', 'post-domains-update', 'formation-seen') order by seq desc limit 50",
  )
  return () =>
    `<ol>${rows
      .all()
      .map(values)
      .map(
        (row) =>
          `<li><a href="/events/${escaped(row.seq)}">${escaped(row.trigger)}</a> <a href="/apps/${escaped(row.app)}">${escaped(row.app)}</a> ${escaped(row.args)} ${escaped(row.actor)} · ${escaped(row.door)} <time datetime="${new Date(Number(row.at)).toISOString()}"></time></li>`,
      )
      .join('')}</ol>`
}

/** The same fifty that the page shows: what the service tells only itself is left out. */
export function rawEventsOfApp({ $client }: Database): (appId: number) => readonly unknown[] {
  const rows = $client.prepare(
    "select * from events where app_id = ? and trigger in ('builds-record-start', 'post-domains-update', 'formation-seen') order by seq desc limit 50",
  )
  return (appId) => rows.all(appId)
}
