/** What nginx can be told about an app. Pure. */
import * as z from 'zod'
import { CodePath } from '../dokku/names.ts'
import {
  Duration,
  OnOff,
  onOff,
  type Property,
  property,
  Size,
  said,
  TrueFalse,
  Whole,
  yesNo,
} from './property.ts'

const Buffer = said(/^[1-9][0-9]{0,3}[km]$/, 'write a size such as 4k or 1m')
const Buffers = said(
  /^([2-9]|[1-9][0-9]{1,2}) [1-9][0-9]{0,3}[km]$/,
  'write how many, two at least, and the size of each, such as 8 4k',
)
const Count = said(/^[1-9][0-9]{0,3}$/, 'write a whole number from 1 on')

export const USUAL: readonly Property[] = [
  property('nginx', 'client-max-body-size', 'Largest upload', Size),
  property('nginx', 'proxy-read-timeout', 'Wait for the app’s answer', Duration),
  property('nginx', 'proxy-connect-timeout', 'Wait to reach the app', Duration),
  property('nginx', 'proxy-send-timeout', 'Wait while sending to the app', Duration),
  property('nginx', 'client-body-timeout', 'Wait for what a browser sends', Duration),
  property('nginx', 'client-header-timeout', 'Wait for a browser’s headers', Duration),
  property('nginx', 'send-timeout', 'Wait while sending to a browser', Duration),
  property('nginx', 'keepalive-timeout', 'Keep an idle connection', Duration),
  property('nginx', 'proxy-buffering', 'Gather answers before sending', OnOff, {
    ...onOff,
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

const FOR = ['$remote_addr', '$proxy_add_x_forwarded_for', '$http_x_forwarded_for'] as const
const PORT = ['$server_port', '$http_x_forwarded_port'] as const
const PROTO = ['$scheme', '$http_x_forwarded_proto'] as const

const header = (key: string, label: string, choices: readonly [string, ...string[]], hint = '') =>
  property('nginx', key, label, z.enum(choices, 'this is none of its values'), { choices, hint })

export const UNUSUAL: readonly Property[] = [
  property('nginx', 'proxy-buffer-size', 'Room for an answer’s headers', Buffer),
  property('nginx', 'proxy-buffers', 'Room for an answer', Buffers, {
    hint: 'How many, and the size of each.',
  }),
  property('nginx', 'proxy-busy-buffers-size', 'Of it, at most being sent', Buffer),
  property('nginx', 'proxy-keepalive', 'Idle connections kept to the app', Count),
  property('nginx', 'lingering-timeout', 'Wait for the rest of a refused upload', Duration),
  property('nginx', 'underscore-in-headers', 'Take headers with _ in their name', OnOff, onOff),
  header('x-forwarded-for-value', 'X-Forwarded-For', FOR, 'Behind another proxy: what that one says.'),
  header('x-forwarded-port-value', 'X-Forwarded-Port', PORT),
  header('x-forwarded-proto-value', 'X-Forwarded-Proto', PROTO),
  property('nginx', 'x-forwarded-ssl', 'X-Forwarded-Ssl', OnOff, onOff),
  property('nginx', 'nginx-conf-sigil-path', 'nginx.conf.sigil', CodePath, {
    hint: 'A template of one’s own, within the code.',
  }),
]

/** Root's switch for what could be any directive, any file of the server or the command that reloads nginx. */
export const DIRECTIVES_SWITCH = 'allow-nginx-directives'

const Directive = said(/^[^-\p{Cc}][^\p{Cc}]*$/u, 'write one line that begins with no dash').max(
  500,
  'a value is 500 letters at most',
)
const directive = (key: string, label: string, hint = ''): Property =>
  property('nginx', key, label, Directive, { hint, allow: DIRECTIVES_SWITCH })

/**
 * An address that is not the server's stops nginx from taking any later change of any site, and a server whose root
 * forbade templates by apps means it.
 */
export const DIRECTIVES: readonly Property[] = [
  directive('access-log-path', 'Access log', 'A file of the server, or off.'),
  directive('access-log-format', 'Format of the access log', 'The name of one that nginx has.'),
  directive('error-log-path', 'Error log'),
  directive(
    'bind-address-ipv4',
    'IPv4 address it listens on',
    'One of the server’s: with any other nginx takes no change of any site.',
  ),
  directive('bind-address-ipv6', 'IPv6 address it listens on'),
  property('nginx', 'disable-custom-config', 'Leave out the app’s own template', TrueFalse, {
    ...yesNo,
    allow: DIRECTIVES_SWITCH,
  }),
  directive('nginx-service-command', 'Program that reloads nginx'),
]

export const NGINX: readonly Property[] = [...USUAL, ...UNUSUAL, ...DIRECTIVES]

const BUFFERS = {
  'proxy-buffer-size': '4k',
  'proxy-buffers': '8 4k',
  'proxy-busy-buffers-size': '8k',
} as const
type BufferKey = keyof typeof BUFFERS

/** Whether what it is set to counts together with others. */
export const isBuffer = (key: string): key is BufferKey => Object.hasOwn(BUFFERS, key)

const bytes = (size: string): number => {
  const [, number = '', unit = ''] = /^([0-9]+)([km]?)$/.exec(size.toLowerCase()) ?? []
  return number === '' ? Number.NaN : Number(number) * (unit === 'k' ? 1024 : unit === 'm' ? 1024 * 1024 : 1)
}

/**
 * Dokku takes any three sizes, writes them down and only then asks nginx, which from then on takes no change of any
 * site. `goesBy`: what each will be, empty where Dokku decides. Null where nginx takes them.
 */
export function buffersRefusal(goesBy: (key: BufferKey) => string): string | null {
  const size = (key: BufferKey): string => goesBy(key) || BUFFERS[key]
  const [count = '', each = ''] = size('proxy-buffers').split(' ')
  const least = Math.max(bytes(size('proxy-buffer-size')), bytes(each))
  const most = (Number(count) - 1) * bytes(each)
  const busy = bytes(size('proxy-busy-buffers-size'))
  if (busy >= least && busy <= most) return null
  if ([busy, least, most].some(Number.isNaN)) return null
  return least > most
    ? `nginx wants more or larger proxy-buffers beside these ${kilobytes(least)}`
    : `with these, nginx wants proxy-busy-buffers-size from ${kilobytes(least)} to ${kilobytes(most)}; it would be ${kilobytes(busy)}`
}

const kilobytes = (all: number): string => `${all / 1024}k`
