/** The panel as it is installed, see ui/host/serve, beside a Dokku that answers at once. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sessionCookie } from '../../ui/accounts/cookie.ts'
import { NAMES, type Past } from './past.ts'
import { type Place, REPO } from './place.ts'
import { firstAnswer, type Started, start } from './started.ts'

export const TOKEN = 'a-token-for-the-bench-only'

export interface Panel extends Started {
  /** DOKKU_LIB_ROOT */
  readonly lib: string
  /** Cookie headers of sessions. */
  readonly cookies: readonly string[]
  /** The first of them. */
  readonly cookie: string
}

/** Started, not yet waited for. */
export async function beginPanel(place: Place, { data, tokens }: Past, server = newServer(place)) {
  const { lib } = server
  const started = await start(
    place,
    ['--disable-proto=delete', '--max-semi-space-size=2', 'dist/main.js'],
    environmentOf(data, server),
  )
  const cookies = tokens.map((token) => `${sessionCookie(started.origin)}=${token}`)
  return { ...started, lib, cookies, cookie: cookies[0] ?? '' } satisfies Panel
}

/** A release is migrated before it is started, and what is compiled for that is not compiled anew. */
export async function startPanel(place: Place, past: Past, server = newServer(place)): Promise<Panel> {
  const env = { PATH: '/usr/bin:/bin', HOME: '/', ...environmentOf(past.data, server) }
  execFileSync(process.execPath, ['--disable-proto=delete', 'dist/main.js', 'migrate'], { cwd: REPO, env })
  const from = performance.now()
  const panel = await beginPanel(place, past, server)
  await firstAnswer(panel, '/healthz', from)
  return panel
}

const environmentOf = (data: string, { lib, dokku }: Server) => ({
  DOKKUBASE_DATA: data,
  DOKKUBASE_TOKEN: TOKEN,
  DOKKU_LIB_ROOT: lib,
  DOKKU: dokku,
  MALLOC_ARENA_MAX: '1',
})

export interface Server {
  readonly lib: string
  readonly dokku: string
  /** What `dokku logs APP` shows. */
  logOf(app: string): string
}

/** A server's folders, and in place of Dokku a script that knows its apps, its containers and their logs. */
export function newServer(place: Place, apps: readonly string[] = NAMES): Server {
  const lib = place.folder('lib')
  const logs = join(lib, 'logs')
  const dokku = join(lib, 'dokku')
  mkdirSync(join(lib, 'data/dokkubase/outbox'), { recursive: true })
  mkdirSync(join(lib, 'data/builds'), { recursive: true })
  mkdirSync(logs)
  writeFileSync(join(lib, 'apps.json'), JSON.stringify(apps))
  writeFileSync(join(lib, 'containers.jsonl'), apps.flatMap(containersOf).join(''))
  writeFileSync(dokku, `#!/bin/bash\nhere=${lib}\n${DOKKU}`)
  chmodSync(dokku, 0o755)
  return { lib, dokku, logOf: (app) => join(logs, app) }
}

const DOKKU = `[[ $1 == --quiet ]] && shift
case "$1" in
  apps:list) cat "$here/apps.json" ;;
  certs:report) ;;
  dokkubase:containers)
    cat "$here/containers.jsonl"
    echo '{"kind":"end"}'
    [[ $2 != --follow ]] || cat >/dev/null
    ;;
  logs) exec tail -n "$5" -f --pid="$PPID" "$here/logs/$2" ;;
  *)
    echo " !     App $2 does not exist" >&2
    exit 20
    ;;
esac
`

const containersOf = (app: string, index: number): string[] =>
  ['web.1', 'web.2', 'worker.1'].map((process, number) => {
    const row = {
      kind: 'container',
      app,
      container_type: 'deploy',
      process: process.split('.')[0],
      dyno: process,
      id: (index * 10 + number).toString(16).padStart(64, 'c'),
      name: `/${app}.${process}`,
      image_id: `sha256:${index.toString(16).padStart(64, '0')}`,
      image: `dokku/${app}:latest`,
      created_at: '2026-11-01T02:29:21Z',
      started_at: '2026-11-01T02:29:21Z',
      finished_at: '0001-01-01T00:00:00Z',
      status: 'running',
      exit_code: 0,
      oom_killed: false,
      restarts: 0,
      restart_policy: 'on-failure',
      max_restarts: 10,
      memory_limit: 0,
      network_mode: 'default',
      addresses: [`172.17.${index}.${number + 2}`, null],
    }
    return `${JSON.stringify(row)}\n`
  })

export const HOOK_ENV = { PATH: '/usr/bin:/bin', HOME: '/' } as const
export const hookFile = (trigger: string): string => `${REPO}triggers/${trigger}`
