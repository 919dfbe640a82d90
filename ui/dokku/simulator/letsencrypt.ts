import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeCertificate } from '../../certificates/making.ts'
import { type App, domainsEnabled } from './app.ts'
import { install } from './certs.ts'
import type { Commands } from './dispatch.ts'
import { updated } from './domains.ts'
import { acmeFaultOf, lego } from './lego.ts'
import { headline, info, quietHeadline, verbose, warn } from './speech.ts'
import { appNamed, type Refused, refuse, type World } from './world.ts'

/** dokku-letsencrypt 0.25.1, where it is enabled, with an authority that believes everybody. */
export const commands: Commands = {
  'letsencrypt:enable': (world, args) => enable(world, appNamed(world, args[0])),
  async 'letsencrypt:auto-renew'(world, args) {
    const app = appNamed(world, args[0])
    if (!isActive(app)) return info(world, `Letsencrypt not enabled for ${app.name}`)
    const left = expiryOf(app) - GRACE_MS - world.clock.now()
    if (left >= 0) return verbose(world, `${app.name} still has ${spell(left)} left before renewal`)
    headline(world, `Auto-renew ${app.name}...`)
    return await enable(world, app)
  },
  async 'letsencrypt:disable'(world, args) {
    const app = appNamed(world, args[0])
    info(world, 'Disabling letsencrypt for app')
    verbose(world, `Removing letsencrypt files for ${app.name}`)
    verbose(world, `Removing SSL endpoint from ${app.name}`)
    world.state.change(app.name, (changed) => {
      changed.certificate = null
      changed.properties[FETCHED] = ''
      changed.ports = changed.ports.filter((map) => !map.startsWith('https:443:'))
    })
    world.fire('post-certs-remove', app.name)
    await updated(world, app.name)
    info(world, 'Done')
  },
  'letsencrypt:set'(world, [scope, key = '', value = '']) {
    const app = scope === '--global' ? null : appNamed(world, scope)
    if (key === '') throw refuse('No key specified')
    if (!KEYS.includes(key) && !key.startsWith('dns-provider-'))
      throw refuse(
        'Invalid key specified, valid keys include: dns-provider, dns-provider-*, email, graceperiod, server, lego-args, lego-docker-options',
      )
    quietHeadline(world, value === '' ? `Unsetting ${key}` : `Setting ${key} to ${value}`)
    const put = (properties: Record<string, string>): void => {
      properties[`letsencrypt.${key}`] = value
    }
    if (app === null) world.state.changeHost((host) => put(host.properties))
    else world.state.change(app.name, (changed) => put(changed.properties))
  },
  'letsencrypt:cron-job'(world, [flag]) {
    const file = timerOf(world)
    if (flag === '--remove') rmSync(file, { force: true })
    else if (flag === '--add') {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, '')
    }
    info(world, `${flag === '--add' ? 'Added cron job to' : 'Removed cron job from'} dokku's crontab.`)
  },
  'letsencrypt:report'(world, args) {
    const isJson = args.includes('json')
    const [name] = args.filter((arg) => !arg.startsWith('--') && arg !== 'json')
    for (const each of name === undefined ? world.state.apps() : [name]) {
      const facts = factsOf(world, appNamed(world, each))
      if (isJson) world.out(`${JSON.stringify(facts)}\n`)
      else printed(world, each, facts)
    }
  },
}

const KEYS = ['dns-provider', 'email', 'graceperiod', 'server', 'lego-args', 'lego-docker-options']
const FETCHED = 'letsencrypt.fetched'
const DAY = 24 * 3600 * 1000
const GRACE_MS = 30 * DAY

async function enable(world: World, app: App): Promise<void> {
  const domains = domainsEnabled(app) ? app.domains : []
  if (domains.length === 0) throw refuse(`No domains detected for ${app.name}`)
  headline(world, `Enabling letsencrypt for ${app.name}`)
  if (settingOf(world, app, 'email') === '') throw noEmail(app)
  if (isActive(app) && coversAll(app, domains) && expiryOf(app) - GRACE_MS > world.clock.now()) {
    info(world, `Certificate is still valid for ${app.name}, skipping certificate request`)
    return info(world, 'Pass --force to letsencrypt:enable to request a new certificate anyway')
  }
  info(world, `Enabling ACME proxy for ${app.name}...`)
  info(world, `Getting letsencrypt certificate for ${app.name} via HTTP-01`)
  for (const domain of domains) world.err(`        - Domain '${domain}'\n`)
  const got = await lego(world, domains, acmeFaultOf(world, app))
  if (!got) {
    info(world, 'Certificate retrieval failed!')
    info(world, `Disabling ACME proxy for ${app.name}...`)
    warn(world, 'Failed to setup letsencrypt')
    throw refuse('Check log output for further information on failure')
  }
  info(world, 'Certificate retrieved successfully.')
  info(world, "Installing let's encrypt certificates")
  await take(world, app, domains)
  info(world, `Disabling ACME proxy for ${app.name}...`)
  info(world, 'Done')
}

async function take(world: World, app: App, domains: readonly string[]): Promise<void> {
  const now = world.clock.now()
  const made = makeCertificate({
    names: domains,
    from: now - 3600 * 1000,
    until: now + 90 * DAY,
    issuer: [
      ['C', 'US'],
      ['O', "Let's Encrypt"],
      ['CN', 'R11'],
    ],
  })
  await install(world, app, made)
  fetched(world, app.name)
}

/** Marks the certificate that an app has as one the plugin fetched. */
export const fetched = ({ state }: Pick<World, 'state'>, name: string): void =>
  state.change(name, (changed) => {
    changed.properties[FETCHED] = fingerprintOf(changed)
  })

const fingerprintOf = ({ certificate }: App): string =>
  certificate === null ? '' : new X509Certificate(certificate.crt).fingerprint256

const isActive = (app: App): boolean =>
  app.certificate !== null && app.properties[FETCHED] === fingerprintOf(app)

const expiryOf = ({ certificate }: App): number =>
  certificate === null ? 0 : Date.parse(new X509Certificate(certificate.crt).validTo)

const coversAll = ({ certificate }: App, domains: readonly string[]): boolean => {
  const names = certificate === null ? '' : (new X509Certificate(certificate.crt).subjectAltName ?? '')
  return domains.every((domain) => names.split(', ').includes(`DNS:${domain}`))
}

const timerOf = ({ place }: World): string => join(place.lib, 'data/letsencrypt/--global/autorenew')

const settingOf = (world: World, app: App, key: string): string =>
  app.properties[`letsencrypt.${key}`] || world.state.host().properties[`letsencrypt.${key}`] || ''

const noEmail = (app: App): Refused =>
  refuse(
    'ERROR: Cannot request a certificate without an e-mail address!',
    '  please provide your e-mail address using',
    `  dokku letsencrypt:set ${app.name} email <e-mail>`,
  )

function factsOf(world: World, app: App): Readonly<Record<string, string>> {
  const { properties } = world.state.host()
  const three = (key: string, standard = '') => {
    const own = app.properties[`letsencrypt.${key}`] ?? ''
    const ofServer = properties[`letsencrypt.${key}`] ?? ''
    return { [`computed-${key}`]: own || ofServer || standard, [`global-${key}`]: ofServer, [key]: own }
  }
  return {
    active: String(isActive(app)),
    autorenew: String(existsSync(timerOf(world))),
    ...three('dns-provider'),
    ...three('email'),
    expiration: app.certificate === null ? '' : String(expiryOf(app) / 1000),
    ...three('graceperiod', String(GRACE_MS / 1000)),
    ...three('lego-args'),
    ...three('lego-docker-options'),
    ...three('server', 'https://acme-v02.api.letsencrypt.org/directory'),
  }
}

function printed(world: World, app: string, facts: Readonly<Record<string, string>>): void {
  quietHeadline(world, `${app} letsencrypt information`)
  for (const [key, value] of Object.entries(facts))
    verbose(world, `${`Letsencrypt ${key.replaceAll('-', ' ')}:`.padEnd(30)} ${value.padEnd(25)}`)
}

/** "58d, 3h, 20m, 5s" */
function spell(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ]
    .flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`]))
    .join(', ')
}
