import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type App, domainsEnabled, type Host, isDeployed, isScheduled, proxyEnabled } from './app.ts'
import { describe } from './certificate.ts'
import { headOf } from './commit.ts'
import { shortId } from './container.ts'
import { lockOf } from './place.ts'
import { detectedPorts, listeners, parsePort } from './proxy.ts'
import { listed, records } from './record.ts'
import type { World } from './world.ts'

/** A list is in the JSON only. */
export type Value = string | readonly string[]
export type Facts = Readonly<Record<string, Value>>

/** What a report says beyond properties: flag → value. `app` is null for --global. */
export function factsOf(world: World, plugin: string, app: App | null): Facts {
  if (app === null) return plugin === 'domains' ? globalDomains(world.state.host()) : {}
  return FACTS[plugin]?.(world, app) ?? {}
}

const FACTS: Readonly<Record<string, (world: World, app: App) => Facts>> = {
  apps: (world, app) => ({
    '--app-created-at': String(app.createdAt),
    '--app-deploy-source': app.deploySource,
    '--app-deploy-source-metadata': app.deploySourceMetadata,
    '--app-dir': join(world.place.home, app.name),
    '--app-locked': String(existsSync(lockOf(world.place, app.name))),
  }),
  builder: (_, app) => ({ '--builder-detected': app.builds > 0 ? 'dockerfile' : '' }),
  builds: (world, app) => newestBuild(world, app),
  certs: (world, app) => ({ '--ssl-dir': join(world.place.home, app.name, 'tls'), ...certificate(app) }),
  cron: (_, app) => ({ '--cron-task-count': String(app.deployed ? (app.source?.cron.length ?? 0) : 0) }),
  'docker-options': (_, app) =>
    Object.fromEntries(
      ['build', 'deploy', 'run'].flatMap((phase) => {
        const options = app.options[phase] ?? []
        return [
          [`--docker-options-${phase}`, options.join(' ')],
          [`--docker-options-${phase}-list`, options],
        ]
      }),
    ),
  domains: (world, app) => ({
    '--domains-app-enabled': String(domainsEnabled(app)),
    '--domains-app-vhosts': app.domains.join(' '),
    ...globalDomains(world.state.host()),
  }),
  git: (world, app) => ({
    '--git-last-updated-at': app.updatedAt === null ? '' : String(app.updatedAt),
    '--git-sha': headOf(join(world.place.home, app.name)),
  }),
  network: (world, app) => ({ '--network-web-listeners': listeners(world, app).join(' ') }),
  ports: (_, app) => ({
    '--ports-map': app.ports.join(' '),
    '--ports-map-json': portsJson(app.ports),
    '--ports-map-detected': detectedPorts(app).join(' '),
    '--ports-map-detected-json': portsJson(detectedPorts(app)),
  }),
  proxy: (_, app) => ({ '--proxy-enabled': String(proxyEnabled(app)) }),
  ps: (world, app) => processes(world, app),
  resource: (_, app) =>
    Object.fromEntries(Object.entries(app.resources).map(([key, value]) => [`--resource-${key}`, value])),
  storage: (_, app) => mounts(app),
}

function globalDomains(host: Host): Facts {
  return {
    '--domains-global-enabled': String(host.domains.length > 0),
    '--domains-global-vhosts': host.domains.join(' '),
  }
}

function newestBuild(world: World, app: App): Facts {
  const newest = records(world, app.name)[0]
  if (newest === undefined) return {}
  const build = listed(world, newest)
  return {
    '--build-exit-code': build.exit_code === undefined ? '' : String(build.exit_code),
    '--build-finished-at': build.finished_at === undefined ? '' : `${build.finished_at.slice(0, 19)}Z`,
    '--build-id': build.id,
    '--build-kind': build.kind,
    '--build-pid': String(build.pid),
    '--build-source': build.source,
    '--build-started-at': `${build.started_at.slice(0, 19)}Z`,
    '--build-status': build.display_status,
  }
}

function certificate(app: App): Facts {
  if (app.certificate === null) return {}
  const said = describe(app.certificate.crt)
  return {
    '--ssl-enabled': 'true',
    '--ssl-expires-at': said.expiresAt,
    '--ssl-hostnames': said.hostnames.join(' '),
    '--ssl-issuer': said.issuer,
    '--ssl-starts-at': said.startsAt,
    '--ssl-subject': said.subject,
    '--ssl-verified': said.selfSigned ? 'self signed' : 'verified by a certificate authority',
  }
}

/** Go's nil slice is `null`. */
const portsJson = (maps: readonly string[]): string =>
  maps.length === 0
    ? 'null'
    : JSON.stringify(
        maps
          .map(parsePort)
          .map(({ scheme, host, container }) => ({ container_port: container, host_port: host, scheme })),
      )

function processes(world: World, app: App): Facts {
  const dynos = Object.entries(app.dynos).map(([dyno, id]) => ({
    dyno,
    id,
    container: world.state.container(id),
  }))
  const running = dynos.filter(({ container }) => container?.status === 'running').length
  const state = running === dynos.length ? 'true' : 'mixed'
  const statuses = dynos.map(({ dyno, id, container }) => [
    `--status-${dyno}`,
    `${container?.status ?? 'missing'} (CID: ${shortId(id).slice(0, 11)})`,
  ])
  return {
    '--deployed': String(isDeployed(app)),
    // The null scheduler says of every app that one process of it runs.
    '--processes': isScheduled(app) ? String(dynos.length) : '1',
    '--running': running > 0 || !isScheduled(app) ? state : 'false',
    '--restore': app.properties['ps.restore'] || 'true',
    ...Object.fromEntries(statuses),
  }
}

function mounts(app: App): Facts {
  const flags = app.mounts.map(({ host, container }) => `-v ${host}:${container}`).join(' ')
  const attachments = app.mounts.flatMap(({ entry, host, container }, i) =>
    Object.entries({
      'container-path': container,
      'entry-name': entry,
      'host-path': host,
      phases: 'deploy,run',
      'process-type': '_default_',
      readonly: 'false',
      subpath: '',
      'volume-chown': '',
      'volume-options': '',
    }).map(([key, value]) => [`--storage-attachment.${i + 1}.${key}`, value]),
  )
  return {
    ...Object.fromEntries(attachments),
    '--storage-deploy-mounts': flags,
    '--storage-run-mounts': flags,
  }
}
