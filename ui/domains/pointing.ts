/** Where a domain points, seen from this server. Pure. */
import { BlockList, isIP } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'

export const WHERE = ['here', 'partly', 'elsewhere', 'somewhere', 'nowhere', 'unanswered'] as const
/** `somewhere`: whether these addresses lead here is not known, for the server knows no public one of its own. */
export type Where = (typeof WHERE)[number]

export interface Pointing {
  readonly where: Where
  /** Those that are not this server's; all of them where that is not known. */
  readonly addresses: readonly string[]
}

/** The addresses this server is reached by. */
export interface Own {
  has(address: string): boolean
  /** Whether one of them is public: else others may lead here too, through a router or a balancer. */
  readonly isPublic: boolean
}

/** `addresses` null: nobody could say. */
export function pointing(addresses: readonly string[] | null, own: Own): Pointing {
  if (addresses === null) return { where: 'unanswered', addresses: [] }
  if (addresses.length === 0) return { where: 'nowhere', addresses: [] }
  const others = addresses.filter((address) => !own.has(address))
  if (others.length === 0) return { where: 'here', addresses: [] }
  if (!own.isPublic) return { where: 'somewhere', addresses: others }
  return { where: others.length < addresses.length ? 'partly' : 'elsewhere', addresses: others }
}

type Family = 'ipv4' | 'ipv6'
const familyOf = (address: string): Family => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** `set`: addresses and networks (203.0.113.0/24) that lead here, though no interface has them. */
export function ownAddresses(
  set: readonly string[],
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): Own {
  const list = new BlockList()
  const having = Object.values(interfaces)
    .flatMap((all) => all ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .filter((address) => isIP(address) !== 0)
  for (const address of having) list.addAddress(address, familyOf(address))
  for (const one of set) {
    const [address = '', bits] = one.split('/')
    if (bits === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(bits), familyOf(address))
  }
  return {
    has: (address) => isIP(address) !== 0 && list.check(address, familyOf(address)),
    isPublic: set.length > 0 || having.some(isPublic),
  }
}

/** `203.0.113.7`, `2001:db8::7`, or a network of them. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

const PRIVATE = new BlockList()
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv6')
PRIVATE.addAddress('::1', 'ipv6')

const isPublic = (address: string): boolean => !PRIVATE.check(address, familyOf(address))
