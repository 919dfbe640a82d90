/** Properties that a page may set: which there are, what each may be. Narrower than what Dokku takes. Pure. */
import * as z from 'zod'
import { CodePath } from '../dokku/names.ts'
import type { AppReport } from '../reports/report.ts'

export type PropertyPlugin = Extract<
  AppReport,
  'builder' | 'builder-dockerfile' | 'app-json' | 'git' | 'network' | 'nginx' | 'proxy' | 'ps'
>

export interface Property {
  /** Its command is `PLUGIN:set APP KEY [VALUE]`, its report `PLUGIN:report`. */
  readonly plugin: PropertyPlugin
  readonly key: string
  readonly label: string
  readonly hint?: string
  readonly as: z.ZodType<string>
  /** To choose from; without them it is typed. */
  readonly choices?: readonly string[]
}

const said = (pattern: RegExp, message: string) => z.string().trim().regex(pattern, message)

const Duration = said(/^(0|[1-9][0-9]{0,5})(ms|s|m|h)?$/, 'write a time such as 60s, 500ms or 2m')
const Size = said(/^(0|[1-9][0-9]{0,8})[kmg]?$/, 'write a size such as 50m, or 0 for no limit')
const Whole = said(/^(0|[1-9][0-9]{0,8})$/, 'write a whole number')
const TrueFalse = z.enum(['true', 'false'], 'true or false')
const OnOff = z.enum(['on', 'off'], 'on or off')
const Branch = said(
  /^[A-Za-z0-9_]([A-Za-z0-9_/@+-]|\.[A-Za-z0-9_/@+-]){0,250}$/,
  'write the name of a branch, such as main',
).refine((ref) => !/@\{|\/\/|\/$/.test(ref), 'write the name of a branch, such as main')
const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
const Tld = said(new RegExp(`^${LABEL}(\\.${LABEL})*$`), 'write a domain such as internal.example')
const Network = said(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'this is no name of a network')

/** A container begins in the server's own network or is never in it. */
const Attached = Network.refine(
  (name) => name !== 'host',
  'the server’s own network takes no container later',
)

const BUILDERS = ['dockerfile', 'herokuish', 'nixpacks', 'pack', 'railpack', 'lambda', 'null'] as const
const PROXIES = ['nginx', 'caddy', 'haproxy', 'openresty', 'traefik'] as const

const property = (
  plugin: PropertyPlugin,
  key: string,
  label: string,
  as: z.ZodType<string>,
  more: Pick<Property, 'hint' | 'choices'> = {},
): Property => ({ plugin, key, label, as, ...more })

const yesNo = { choices: ['true', 'false'] }

export const PROPERTIES: readonly Property[] = [
  property('builder', 'selected', 'Builder', z.enum(BUILDERS, 'this is no builder of Dokku'), {
    choices: BUILDERS,
    hint: 'Without one Dokku looks at the code.',
  }),
  property('builder', 'build-dir', 'Folder that is built', CodePath, {
    hint: 'For a repository of several apps.',
  }),
  property('builder-dockerfile', 'dockerfile-path', 'Dockerfile', CodePath),
  property('ps', 'procfile-path', 'Procfile', CodePath),
  property('app-json', 'appjson-path', 'app.json', CodePath),
  property('git', 'deploy-branch', 'Branch that is deployed', Branch, {
    hint: 'A push to any other branch deploys nothing.',
  }),
  property('git', 'keep-git-dir', 'Keep .git in the image', TrueFalse, yesNo),
  property('network', 'initial-network', 'Network containers begin in', Network),
  property('network', 'attach-post-create', 'Attached before they start', Attached),
  property('network', 'attach-post-deploy', 'Attached after a deploy', Attached),
  property('network', 'bind-all-interfaces', 'Listen on every address of the server', TrueFalse, {
    ...yesNo,
    hint: 'Past the proxy, and past most firewalls.',
  }),
  property('network', 'tld', 'Domain within the network', Tld),
  property('proxy', 'type', 'Proxy', z.enum(PROXIES, 'this is no proxy of Dokku'), { choices: PROXIES }),
  property('nginx', 'client-max-body-size', 'Largest upload', Size),
  property('nginx', 'proxy-read-timeout', 'Wait for the app’s answer', Duration),
  property('nginx', 'proxy-connect-timeout', 'Wait to reach the app', Duration),
  property('nginx', 'proxy-send-timeout', 'Wait while sending to the app', Duration),
  property('nginx', 'client-body-timeout', 'Wait for what a browser sends', Duration),
  property('nginx', 'client-header-timeout', 'Wait for a browser’s headers', Duration),
  property('nginx', 'send-timeout', 'Wait while sending to a browser', Duration),
  property('nginx', 'keepalive-timeout', 'Keep an idle connection', Duration),
  property('nginx', 'proxy-buffering', 'Gather answers before sending', OnOff, {
    choices: ['on', 'off'],
    hint: 'Off where answers are streams.',
  }),
  property('nginx', 'hsts', 'Have browsers insist on https', TrueFalse, yesNo),
  property('nginx', 'hsts-max-age', 'For so many seconds', Whole),
  property('nginx', 'hsts-include-subdomains', 'Also below its domains', TrueFalse, yesNo),
  property('nginx', 'hsts-preload', 'Also before the first visit', TrueFalse, {
    ...yesNo,
    hint: 'Browsers forget it only after months.',
  }),
]

export const propertyOf = (plugin: string, key: string): Property | undefined =>
  PROPERTIES.find((one) => one.plugin === plugin && one.key === key)

/** What somebody may choose where these plugins are enabled; nothing known of them leaves all. */
export function choicesThere(
  { plugin, key, choices }: Property,
  plugins: readonly string[] | undefined,
): readonly string[] | undefined {
  if (plugins === undefined || choices === undefined) return choices
  if (plugin === 'builder' && key === 'selected')
    return choices.filter((one) => plugins.includes(`builder-${one}`))
  if (plugin === 'proxy' && key === 'type') return choices.filter((one) => plugins.includes(`${one}-vhosts`))
  return choices
}

const NETWORKS: ReadonlySet<string> = new Set(['initial-network', 'attach-post-create', 'attach-post-deploy'])

/** Whether it is one of Docker's networks by name. */
export const namesNetwork = ({ plugin, key }: Property): boolean => plugin === 'network' && NETWORKS.has(key)

/** What the server's root types to put a switch on. */
export const howToAllow = (name: string): string => `sudo dokku dokkubase:set ${name} true`

/** Why no container may be in this network; null where it may. */
export function networkRefusal(
  name: string,
  networks: readonly string[] | undefined,
  allowed: readonly string[],
): string | null {
  if (name === 'host')
    return allowed.includes('allow-host-network')
      ? null
      : `the server's own network is as good as root on it; its root may allow it: ${howToAllow('allow-host-network')}`
  if (networks === undefined || networks.includes(name)) return null
  return `Docker has no network ${name}, so every later deploy would fail; dokku network:create ${name} makes one`
}
