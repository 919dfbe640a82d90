/** Whether visitors of an app are asked for a password by the http-auth plugin. Pure. */
import { type Facts, reported } from '../reports/report.ts'

export type HttpAuth =
  | { readonly state: 'unknown'; readonly reason: string }
  | { readonly state: 'off' }
  /** On. `asks`: a user can sign in. `addresses`: only listed addresses get in. `closed`: nobody can. `open`: everyone can. */
  | { readonly state: 'asks' | 'addresses' | 'closed' | 'open' }

/** From the plugin's report, and from what nginx was told, which differs between versions where there is no user. */
export function httpAuthOf(facts: Facts | undefined): HttpAuth {
  if (facts === undefined) return { state: 'unknown', reason: 'not read from Dokku yet' }
  const unreadable = reported(facts, 'unreadable')
  if (unreadable !== '') return { state: 'unknown', reason: unreadable }
  if (reported(facts, 'enabled') !== 'true') return { state: 'off' }
  const hasUsers = usersOf(facts).length > 0
  const asks = reported(facts, 'asks-for-password')
  if (asks === 'true') return { state: hasUsers ? 'asks' : 'closed' }
  if (asks === 'false') return { state: reported(facts, 'allowed-ips') === '' ? 'open' : 'addresses' }
  return hasUsers
    ? { state: 'asks' }
    : { state: 'unknown', reason: 'it has no user, and its configuration could not be read' }
}

/** Names of those who may sign in; kept while it is disabled. */
export const usersOf = (facts: Facts | undefined): readonly string[] =>
  reported(facts, 'users')
    .split(' ')
    .filter((name) => name !== '')
