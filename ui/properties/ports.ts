/** Mappings of the server's ports to an app's. Pure. */
import * as z from 'zod'

export const SCHEMES = ['http', 'https', 'grpc', 'grpcs'] as const

const isPort = (text: string): boolean => /^[1-9][0-9]{0,4}$/.test(text) && Number(text) <= 65535

export const Port = z.string().trim().refine(isPort, 'a port is a number from 1 to 65535')
/** Dokku takes any, and nginx then serves none of its sites. */
export const Scheme = z.enum(SCHEMES, `one of ${SCHEMES.join(', ')}`)

const Mapping = z.string().refine((text) => {
  const [scheme, host = '', container = '', ...more] = text.split(':')
  return more.length === 0 && Scheme.safeParse(scheme).success && isPort(host) && isPort(container)
}, 'write a mapping such as http:80:5000')

const hostOf = (mapping: string): string => mapping.split(':')[1] ?? ''

export const Mappings = z
  .array(Mapping)
  .min(1, 'write a mapping such as http:80:5000')
  .max(30, '30 mappings at most')
  .refine((all) => new Set(all.map(hostOf)).size === all.length, 'one port of the server is mapped twice')

/** One row of the form: `scheme.0`, `host.0`, `container.0`. */
export interface Row {
  readonly at: string
  readonly scheme: string
  readonly host: string
  readonly container: string
}

/** Rows of which anything is filled in, in their order. */
export function rowsIn(sent: Readonly<Record<string, unknown>>): readonly Row[] {
  const of = (group: string): ReadonlyMap<string, string> => {
    const all = sent[group]
    return new Map(
      typeof all === 'object' && all !== null
        ? Object.entries(all).flatMap(([at, text]) =>
            typeof text === 'string' ? [[at, text.trim()] as const] : [],
          )
        : [],
    )
  }
  const [schemes, hosts, containers] = [of('scheme'), of('host'), of('container')]
  return [...hosts.keys()]
    .map((at) => ({
      at,
      scheme: schemes.get(at) ?? '',
      host: hosts.get(at) ?? '',
      container: containers.get(at) ?? '',
    }))
    .filter(({ host, container }) => host !== '' || container !== '')
}

/** The first row that maps a port some row above it has; undefined: none. */
export const mappedTwice = (rows: readonly Row[]): Row | undefined =>
  rows.find(({ host }, at) => rows.slice(0, at).some((above) => above.host === host))
