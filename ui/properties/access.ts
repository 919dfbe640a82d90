/** What stands between an app and its visitors, by plugins that Dokku does not ship. Pure. */
import { type Facts, type PluginReport, type ReportReads, reported } from '../reports/report.ts'
import { type HttpAuth, httpAuthOf } from './http-auth.ts'

export interface Access {
  /** Everyone is answered by a maintenance page. */
  readonly maintenance: 'on' | 'off' | 'unknown'
  readonly password: HttpAuth['state']
  /** A domain of the app leads elsewhere. */
  readonly redirects: 'on' | 'off' | 'unknown'
}

/** Reports of these plugins say so. */
export const ACCESS_REPORTS = [
  'maintenance',
  'http-auth',
  'redirect',
] as const satisfies readonly PluginReport[]
export type AccessReport = (typeof ACCESS_REPORTS)[number]

export const isAccessReport = (name: string): name is AccessReport =>
  ACCESS_REPORTS.some((each) => each === name)

/** Nothing does. */
export const OPEN: Access = { maintenance: 'off', password: 'off', redirects: 'off' }

/** A plugin that is not enabled does nothing, whatever it once reported. `plugins` undefined: not read yet. */
export function accessFrom(
  plugins: readonly string[] | undefined,
  facts: (name: AccessReport) => Facts | undefined,
): Access {
  const of = <State>(name: AccessReport, read: (facts: Facts | undefined) => State): State | 'off' =>
    plugins?.includes(name) === true ? read(facts(name)) : 'off'
  const told = (facts: Facts | undefined, isOn: (facts: Facts) => boolean) =>
    facts === undefined || reported(facts, 'unreadable') !== '' ? 'unknown' : isOn(facts) ? 'on' : 'off'
  return {
    maintenance: of('maintenance', (found) => told(found, (facts) => reported(facts, 'enabled') === 'true')),
    password: of('http-auth', (found) => httpAuthOf(found).state),
    redirects: of('redirect', (found) => told(found, (facts) => reported(facts, 'text').trim() !== '')),
  }
}

export interface AccessReads {
  of(appId: number): Access
  /** Of every app at once. */
  all(): (appId: number) => Access
}

export const accessReads = (reports: Pick<ReportReads, 'facts' | 'every' | 'server'>): AccessReads => ({
  of: (appId) => accessFrom(reports.server('plugins')?.body, (name) => reports.facts(appId, name)?.body),
  all() {
    const plugins = reports.server('plugins')?.body
    const every = ACCESS_REPORTS.flatMap((name) =>
      plugins?.includes(name) === true ? [[name, reports.every(name)] as const] : [],
    )
    const found = new Map(every)
    return (appId) => accessFrom(plugins, (name) => found.get(name)?.get(appId))
  },
})

/** A condition in words. */
export interface Condition {
  readonly words: string
  /** Visitors do not get what they came for, or get in though they should not. */
  readonly isAmiss: boolean
  readonly isKnown: boolean
}

const amiss = (words: string): Condition => ({ words, isAmiss: true, isKnown: true })
const plain = (words: string): Condition => ({ words, isAmiss: false, isKnown: true })
const unknown = (words: string): Condition => ({ words, isAmiss: false, isKnown: false })

const WORDS: { readonly [Of in keyof Access]: Partial<Record<Access[Of], Condition>> } = {
  maintenance: {
    on: amiss('in maintenance'),
    unknown: unknown('maintenance unknown'),
  },
  password: {
    asks: plain('password'),
    addresses: plain('listed addresses only'),
    closed: amiss('closed: password without a user'),
    open: amiss('open: password without a user'),
    unknown: unknown('password unknown'),
  },
  redirects: {
    on: plain('redirects'),
    unknown: unknown('redirects unknown'),
  },
}

/** What a page says beside the state of an app. */
export const conditions = ({ maintenance, password, redirects }: Access): readonly Condition[] =>
  [WORDS.maintenance[maintenance], WORDS.password[password], WORDS.redirects[redirects]].filter(
    (each) => each !== undefined,
  )
