/** Properties that a page may set: which there are, and what each may be. Pure. */
import * as z from 'zod'
import { CodePath, GitBranch } from '../dokku/names.ts'
import { NGINX } from './nginx.ts'
import { type Property, property, said, TrueFalse, yesNo } from './property.ts'

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
  property('git', 'deploy-branch', 'Branch that is deployed', GitBranch, {
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
  ...NGINX,
]

export const propertyOf = (plugin: string, key: string): Property | undefined =>
  PROPERTIES.find((one) => one.plugin === plugin && one.key === key)
