import { isIPv6 } from 'node:net'

/**
 * The part of an address one subscriber cannot change: a whole IPv4 address, but only the first 64 bits of an
 * IPv6 one, since anybody with IPv6 has 2^64 addresses to guess from.
 */
export function subscriberOf(ip: string): string {
  if (!isIPv6(ip)) return ip
  const [left = '', right] = (ip.split('%')[0] ?? '').toLowerCase().split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const zeros = right === undefined ? 0 : 8 - head.length - tail.length
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...tail]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
