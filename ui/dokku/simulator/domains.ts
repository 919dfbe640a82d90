import { type App, domainsEnabled } from './app.ts'
import { defaultDomains } from './apps.ts'
import { setMany } from './config.ts'
import type { Commands } from './dispatch.ts'
import { buildProxyConfig } from './proxy.ts'
import { report } from './report.ts'
import { info, quietInfo } from './speech.ts'
import { appNamed, refuse, type World } from './world.ts'

export const commands: Commands = {
  async 'domains:add'(world, args) {
    const { app, domains } = named(world, args)
    domains.forEach(validate)
    for (const domain of domains) {
      const has = appNamed(world, app.name).domains.includes(domain)
      if (!has) change(world, app, (list) => [...list, domain])
      info(world, has ? `Skipping: ${domain} already added to ${app.name}` : `Added ${domain} to ${app.name}`)
    }
    await enableQuietly(world, app)
    await updated(world, app.name, 'add', ...domains)
  },
  async 'domains:remove'(world, args) {
    const { app, domains } = named(world, args)
    for (const domain of domains) {
      change(world, app, (list) => without(list, domain))
      info(world, `Removed ${domain} from ${app.name}`)
    }
    await updated(world, app.name, 'remove', ...domains)
  },
  async 'domains:set'(world, args) {
    const { app, domains } = named(world, args)
    domains.forEach(validate)
    change(world, app, () => [...domains])
    info(world, `Set ${domains.join(' ')} for ${app.name}`)
    await enableQuietly(world, app)
    await updated(world, app.name, 'set', ...domains)
  },
  async 'domains:clear'(world, args) {
    await clear(world, appNamed(world, args[0]))
  },
  async 'domains:reset'(world, args) {
    const app = appNamed(world, args[0])
    await clear(world, app)
    const hosts = world.state.host().domains
    quietInfo(world, 'Creating new app virtual host file...')
    change(world, app, () => defaultDomains(app.name, hosts))
    await updated(world, app.name, 'reset')
    quietInfo(world, `Reset domains for ${app.name}`)
  },
  async 'domains:enable'(world, args) {
    const app = appNamed(world, args[0])
    if (domainsEnabled(app))
      return info(world, `Domains (VHOST) support is already enabled for app (${app.name})`)
    change(world, app, () => defaultDomains(app.name, world.state.host().domains))
    world.fire('pre-enable-vhost', app.name)
    await setMany(world, app.name, { NO_VHOST: '0' }, { restart: true, silent: true })
  },
  async 'domains:disable'(world, args) {
    const app = appNamed(world, args[0])
    if (!domainsEnabled(app))
      return info(world, `Domains (VHOST) support is already disabled for app (${app.name})`)
    await disable(world, app)
  },
  'domains:add-global'(world, args) {
    const domains = globals('domains:add-global', args)
    for (const domain of domains) {
      const had = world.state.host().domains.includes(domain)
      if (!had) world.state.changeHost((host) => host.domains.push(domain))
      info(world, had ? `Skipping ${domain}: already added` : `Added ${domain}`)
    }
  },
  'domains:remove-global'(world, args) {
    for (const domain of globals('domains:remove-global', args, false)) {
      world.state.changeHost((host) => {
        host.domains = without(host.domains, domain)
      })
      info(world, `Removed ${domain}`)
    }
  },
  'domains:set-global'(world, args) {
    const domains = globals('domains:set-global', args)
    world.state.changeHost((host) => {
      host.domains = [...domains]
    })
    info(world, `Set ${domains.join(' ')}`)
  },
  'domains:clear-global'(world) {
    quietInfo(world, 'Clearing global domains')
    world.state.changeHost((host) => {
      host.domains = []
    })
  },
  'domains:report': report('domains'),
}

/** nginx is configured anew after each change; certificates come here too, without saying what changed. */
export async function updated(world: World, app: string, ...what: readonly string[]): Promise<void> {
  world.fire('post-domains-update', app, ...what)
  await buildProxyConfig(world, appNamed(world, app))
}

export async function disable(world: World, app: App): Promise<void> {
  world.fire('pre-disable-vhost', app.name)
  if (app.domains.length > 0) info(world, 'App virtual host support disabled')
  change(world, app, () => [])
  await setMany(world, app.name, { NO_VHOST: '1' }, { restart: false, silent: true })
  await updated(world, app.name, 'disable')
}

async function clear(world: World, app: App): Promise<void> {
  change(world, app, () => [])
  await updated(world, app.name, 'clear')
  info(world, `Cleared domains in ${app.name}`)
}

/** Adding a domain to an app whose domains are off puts them on. */
async function enableQuietly(world: World, app: App): Promise<void> {
  if (domainsEnabled(app)) return
  world.fire('pre-enable-vhost', app.name)
  await setMany(world, app.name, { NO_VHOST: '0' }, { restart: false, silent: true })
  await updated(world, app.name, 'enable')
}

function named(
  world: World,
  [name = '', ...domains]: readonly string[],
): { app: App; domains: readonly string[] } {
  // Dokku's own slip: it names the app where its command should be.
  if (domains.length === 0)
    throw refuse(`Please specify a domain name. Usage: dokku ${name}  <domain> [<domain> ...]`)
  return { app: appNamed(world, name), domains }
}

function globals(command: string, domains: readonly string[], checked = true): readonly string[] {
  if (domains[0] === undefined)
    throw refuse(`Please specify a domain name. Usage: dokku ${command} <domain> [<domain> ...]`)
  if (checked) domains.forEach(validate)
  return domains
}

/** As a pattern of sed: an asterisk is one only where it is the first sign. */
function without(list: readonly string[], domain: string): string[] {
  const pattern = new RegExp(`^${domain.replace(/^\*/, '\\*').replaceAll(/(?<!\\)\*+/g, '*')}$`)
  return list.filter((each) => !pattern.test(each))
}

function validate(domain: string): void {
  if (domain !== '_' && !/^[a-z0-9.*-]*[a-z0-9*-]$/i.test(domain))
    throw refuse(`${domain} is invalid. exiting...`)
}

function change(world: World, app: App, edit: (domains: readonly string[]) => string[]): void {
  world.state.change(app.name, (changed) => {
    changed.domains = edit(changed.domains)
    app.domains = changed.domains
  })
}
