import type { App } from './app.ts'
import { verbose, warn } from './speech.ts'
import type { World } from './world.ts'

/** What goes wrong between the authority and this server, and what it says then. */
const FAULTS = {
  'acme-dns': (domain: string) =>
    `acme: error: 400 :: urn:ietf:params:acme:error:dns :: DNS problem: NXDOMAIN looking up A for ${domain} - check that a DNS record exists for this domain; DNS problem: NXDOMAIN looking up AAAA for ${domain} - check that a DNS record exists for this domain`,
  'acme-connection': (domain: string) =>
    `acme: error: 400 :: urn:ietf:params:acme:error:connection :: 203.0.113.7: Fetching http://${domain}/.well-known/acme-challenge/Xq0: Timeout during connect (likely firewall problem)`,
  'acme-challenge': (domain: string) =>
    `acme: error: 403 :: urn:ietf:params:acme:error:unauthorized :: 203.0.113.7: Invalid response from http://${domain}/.well-known/acme-challenge/Xq0: 404`,
  'acme-rate-limit': (domain: string) =>
    `acme: error: 429 :: POST :: https://acme-v02.api.letsencrypt.org/acme/new-order :: urn:ietf:params:acme:error:rateLimited :: too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s, retry after 2026-12-01 06:24:00 UTC: see https://letsencrypt.org/docs/rate-limits/ (${domain})`,
} as const

type AcmeFault = keyof typeof FAULTS
const isAcme = (word: string): word is AcmeFault => word in FAULTS

/** Set by `simulator:fault APP acme-…`, for one try. */
export function acmeFaultOf(world: World, app: App): AcmeFault | null {
  const waiting = (world.state.host().faults[app.name] ?? '').split(',')
  const fault = waiting.find(isAcme)
  if (fault === undefined) return null
  world.state.changeHost(({ faults }) => {
    faults[app.name] = waiting.filter((word) => !isAcme(word)).join(',')
  })
  return fault
}

/** The program that speaks to the authority, in its own words. False where it comes back with nothing. */
export async function lego(
  world: World,
  domains: readonly string[],
  fault: AcmeFault | null,
): Promise<boolean> {
  const says = async (words: string, seconds: number): Promise<void> => {
    await world.clock.wait(seconds)
    const time = new Date(world.clock.now()).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
    verbose(world, `${time} ${words}`)
  }
  const [first = ''] = domains
  await says(`[INFO] [${domains.join(', ')}] acme: Obtaining bundled SAN certificate`, 1.2)
  if (fault === 'acme-rate-limit') {
    await says('Could not obtain certificates:', 0.4)
    verbose(world, `\t${FAULTS[fault](first)}`)
    warn(world, "Let's Encrypt rate-limited this request.")
    warn(
      world,
      'See https://letsencrypt.org/docs/rate-limits/ for the active limits and remediation guidance.',
    )
    return false
  }
  for (const domain of domains) {
    await says(`[INFO] [${domain}] acme: Could not find solver for: tls-alpn-01`, 0.3)
    await says(`[INFO] [${domain}] acme: use http-01 solver`, 0.1)
    await says(`[INFO] [${domain}] acme: Trying to solve HTTP-01`, 0.2)
    if (fault === null) await says(`[INFO] [${domain}] The server validated our request`, 2.5)
  }
  if (fault === null) {
    await says(`[INFO] [${domains.join(', ')}] acme: Validations succeeded; requesting certificates`, 0.5)
    await says(`[INFO] [${first}] Server responded with a certificate.`, 1.5)
    return true
  }
  await says('Could not obtain certificates:', 2)
  verbose(world, '\terror: one or more domains had a problem:')
  verbose(world, `[${first}] invalid authorization: ${FAULTS[fault](first)}`)
  return false
}
