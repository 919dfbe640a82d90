import { type App, domainsEnabled, proxyEnabled } from './app.ts'
import { describe } from './certificate.ts'
import { headline, info, verbose, warn } from './speech.ts'
import { refuse, type World } from './world.ts'

/** nginx in front of the apps: what `proxy:build-config` and every change of domains, ports and certificates say. */

interface PortMap {
  readonly scheme: string
  readonly host: number
  readonly container: number
}

export const parsePort = (map: string): PortMap => {
  const [scheme = '', host, container] = map.split(':')
  return { scheme, host: Number(host), container: Number(container) }
}

/** Set mappings, else those a build found, else http:80:5000; a certificate turns or doubles them to https. */
export function portsOf(app: App): string[] {
  if (app.ports.length > 0) return app.ports
  return detectedPorts(app)
}

export function detectedPorts(app: App): string[] {
  const found = app.detectedPorts.length > 0 ? app.detectedPorts : ['http:80:5000']
  if (app.certificate === null) return found
  const standard = found.map(parsePort).filter(({ scheme, host }) => scheme === 'http' && host === 80)
  if (standard.length > 0) return [...found, ...standard.map(({ container }) => `https:443:${container}`)]
  return found.map((map) => map.replace(/^http:/, 'https:'))
}

/** `network-get-listeners APP web`: the address it was given, else those of its web containers. */
export function listeners(world: World, app: App): string[] {
  const fixed = app.properties['network.static-web-listener'] ?? ''
  if (fixed !== '') return [fixed]
  return Object.entries(app.dynos)
    .filter(([dyno]) => dyno.startsWith('web.'))
    .flatMap(([, id]) => world.state.container(id) ?? [])
    .map(({ ip, port }) => `${ip}:${port ?? 5000}`)
}

export function urls(world: World, app: App): string[] {
  const names = domainsEnabled(app) && app.domains.length > 0 ? app.domains : world.state.host().domains
  const maps = portsOf(app)
    .map(parsePort)
    .filter(({ scheme }) => scheme !== 'https' || app.certificate !== null)
  return names.flatMap((name) => maps.map(({ scheme, host }) => url(scheme, name, host))).sort()
}

const url = (scheme: string, name: string, port: number): string => {
  if (port === 80) return `http://${name}`
  return port === 443 && scheme === 'https' ? `https://${name}` : `${scheme}://${name}:${port}`
}

/** The proxy port that Dokku notes at the first build of a configuration. */
export function configurePorts(world: World, app: App): void {
  world.state.change(app.name, (changed) => {
    changed.properties['proxy.proxy-port'] ||= '80'
    if (changed.certificate !== null) changed.properties['proxy.proxy-ssl-port'] ||= '443'
    app.properties = changed.properties
  })
}

/** Writes the app's nginx.conf. With `failing`, nginx finds it wrong and the deploy that asked fails. */
export async function buildProxyConfig(world: World, app: App, failing = false): Promise<void> {
  if (!proxyEnabled(app)) {
    clearProxyConfig(world, app)
    return info(world, `Nginx support is disabled for app (${app.name})`)
  }
  configurePorts(world, app)
  if (app.certificate !== null) warnOfOtherNames(world, app, app.certificate.crt)
  const upstreams = listeners(world, app)
  world.state.change(app.name, (changed) => {
    changed.upstreams = upstreams
  })
  if (upstreams.length === 0 && !world.flags.quiet) warn(world, `No web listeners specified for ${app.name}`)
  await world.clock.wait(1.5)
  const names = domainsEnabled(app) ? app.domains : []
  for (const name of [...new Set(names)].sort())
    info(world, `Configuring ${name}...(using built-in template)`)
  await world.clock.wait(0.9)
  info(world, `Creating ${app.certificate === null ? 'http' : 'https'} nginx.conf`)
  if (app.certificate !== null && upstreams.length > 0)
    verbose(world, 'Enabling HSTS (using built-in template)')
  await world.clock.wait(0.08)
  world.fire('nginx-pre-reload', app.name, '', '')
  verbose(world, 'Reloading nginx')
  await world.clock.wait(0.3)
  if (failing) throw nginxFailure(world)
}

/** Removes the app's nginx.conf. */
export function clearProxyConfig(world: World, app: App): void {
  world.state.change(app.name, (changed) => {
    changed.upstreams = []
  })
}

function warnOfOtherNames(world: World, app: App, crt: string): void {
  const { hostnames } = describe(crt)
  if (app.domains.some((domain) => hostnames.some((name) => covers(name, domain)))) return
  const insecure = 'Your app will show as insecure in a browser if accessed via SSL'
  info(world, `No matching configured domains for ${app.name} found in SSL certificate. ${insecure}`)
  info(world, 'Please add appropriate domains via the dokku domains command')
  if (app.domains.length > 0) info(world, 'Configured domains for app:')
  for (const domain of app.domains) headline(world, domain)
  info(world, 'Domains found in SSL certificate:')
  for (const name of hostnames) headline(world, name)
}

const covers = (name: string, domain: string): boolean =>
  name === domain || (name.startsWith('*.') && domain.slice(domain.indexOf('.')) === name.slice(1))

/** The two triggers around it, as a deploy, ps:start and proxy:build-config fire them. */
export async function proxyBuildConfig(world: World, app: App, failing = false): Promise<void> {
  world.fire('proxy-build-config', app.name)
  await world.clock.wait(0.25)
  if (listeners(world, app).length > 0) {
    world.fire('network-build-config', app.name)
    info(world, `Ensuring network configuration is in sync for ${app.name}`)
  }
  await buildProxyConfig(world, app, failing)
}

function nginxFailure(world: World): Error {
  const at = new Date(world.clock.now()).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
  const pid = world.pid()
  const conf = '/home/dokku/broken/nginx.conf:2'
  world.err(
    `${at} [emerg] ${pid}#${pid}: no "ssl_certificate" is defined for the "listen ... ssl" directive in ${conf}\n`,
  )
  world.err('nginx: configuration file /etc/nginx/nginx.conf test failed\n')
  return refuse()
}
