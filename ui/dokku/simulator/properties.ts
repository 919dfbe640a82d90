import type { Handler } from './dispatch.ts'
import { report, reported } from './report.ts'
import { quietHeadline } from './speech.ts'
import { appNamed, refuse, type World } from './world.ts'

/** `PLUGIN:set` and `PLUGIN:report` of the plugins that need nothing else. */

/** What `:set` takes; Dokku's shell plugins say "key" where its Go plugins say "property". */
const VALID: Readonly<
  Record<string, { readonly word: 'key' | 'property'; readonly keys: readonly string[] }>
> = {
  builder: { word: 'property', keys: ['build-dir', 'detected', 'selected', 'skip-cleanup'] },
  builds: { word: 'property', keys: ['retention'] },
  checks: { word: 'key', keys: ['wait-to-retire'] },
  git: {
    word: 'key',
    keys: [
      'archive-max-files',
      'archive-max-size',
      'deploy-branch',
      'keep-git-dir',
      'rev-env-var',
      'source-image',
    ],
  },
  nginx: {
    word: 'key',
    keys: [
      ...[
        'access-log-format',
        'access-log-path',
        'bind-address-ipv4',
        'bind-address-ipv6',
        'client-body-timeout',
      ],
      ...['client-header-timeout', 'client-max-body-size', 'disable-custom-config', 'error-log-path', 'hsts'],
      ...[
        'hsts-include-subdomains',
        'hsts-preload',
        'hsts-max-age',
        'keepalive-timeout',
        'lingering-timeout',
      ],
      ...[
        'nginx-conf-sigil-path',
        'nginx-service-command',
        'proxy-buffer-size',
        'proxy-buffering',
        'proxy-buffers',
      ],
      ...['proxy-busy-buffers-size', 'proxy-connect-timeout', 'proxy-read-timeout', 'proxy-send-timeout'],
      ...['proxy-keepalive', 'send-timeout', 'underscore-in-headers', 'x-forwarded-for-value'],
      ...['x-forwarded-port-value', 'x-forwarded-proto-value', 'x-forwarded-ssl'],
    ],
  },
  ps: {
    word: 'property',
    keys: [
      ...['dockerfile-start-cmd', 'procfile-path', 'restart-policy', 'restore', 'skip-deploy', 'start-cmd'],
      'stop-timeout-seconds',
    ],
  },
  scheduler: { word: 'property', keys: ['selected', 'shell'] },
}

const POLICY = /^(no|always|unless-stopped|on-failure(:.*)?)$/

export function propertyCommand(name: string): Handler | null {
  const [plugin = '', verb] = name.split(':')
  if (!reported().includes(plugin)) return null
  if (verb === 'report') return report(plugin)
  return verb === 'set' ? (world, args) => set(world, plugin, args) : null
}

function set(world: World, plugin: string, args: readonly string[]): void {
  const global = args[0] === '--global'
  const [, key = '', ...words] = args
  const value = words.join(' ')
  const app = global ? null : appNamed(world, args[0])
  if (plugin === 'ps' && key === 'restart-policy' && value !== '' && !POLICY.test(value))
    throw refuse('Invalid restart-policy specified')
  const valid = VALID[plugin]
  if (valid !== undefined && !valid.keys.includes(key)) {
    const known = valid.keys.join(', ')
    throw refuse(
      `Invalid ${valid.word} specified, valid ${valid.word === 'key' ? 'keys' : 'properties'} include: ${known}`,
    )
  }
  if (plugin === 'nginx' && key === 'proxy-keepalive' && !/^[0-9]*$/.test(value))
    throw refuse('Invalid value for proxy-keepalive: must be an integer')
  quietHeadline(world, value === '' ? `Unsetting ${key}` : `Setting ${key} to ${value}`)
  const write = (properties: Record<string, string>): void => {
    properties[`${plugin}.${key}`] = value
  }
  if (app === null) world.state.changeHost((host) => write(host.properties))
  else world.state.change(app.name, (changed) => write(changed.properties))
}
