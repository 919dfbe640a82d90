import { type CertificateSeen, isUnread } from '../certificates/certificate.ts'
import { NO_CONFIG } from '../config/config.ts'
import type { BuildRecord } from '../dokku/report.ts'

/** What our rows say of one app. */
export interface KnownApp {
  readonly name: string
  /** The panel's own: what its setup does to it is no event. */
  readonly front: boolean
  readonly locked: boolean
  /** Or was canceled. */
  readonly lastDeployFailed: boolean
  readonly domains: readonly string[]
  /** `undefined`: Dokku told of a change that we have not read yet. */
  readonly certificate: CertificateSeen | undefined
  readonly formation: readonly string[]
  readonly configKeys: readonly string[]
  /** Whether anything was ever read from Dokku about it; before that, nothing can be called untold. */
  readonly looked: boolean
  /** `startedAt`: milliseconds since 1970. The id Dokku falls back on comes again. */
  knowsBuild(id: string, startedAt: number): boolean
}

/** What Dokku says of it: those parts that were read. */
export interface DokkuApp extends Partial<DokkuParts> {
  /** When reading began, milliseconds since 1970. */
  readonly readAt: number
}

/** Each is one command of Dokku's. */
export interface DokkuParts {
  readonly locked: boolean
  readonly domains: readonly string[]
  readonly certificate: CertificateSeen
  readonly formation: readonly string[]
  readonly configKeys: readonly string[]
  readonly builds: readonly BuildRecord[]
}

export const PARTS = ['locked', 'domains', 'certificate', 'formation', 'configKeys', 'builds'] as const
export type Part = (typeof PARTS)[number]

/** A difference, as the event that puts our rows right. `untold`: no trigger said so. */
export interface Difference {
  readonly trigger: keyof typeof TELLS | 'build-seen'
  readonly args: readonly string[]
  /** JSON: `untold`, and what was known `before` of what `args` names now; of other things their own. */
  readonly note: string
}

/** A build this young may have its trigger still on the way. Milliseconds. */
const YOUNG_MS = 10_000

/** Triggers, and what else is known to change it, after which a difference is expected: they say that something changed, but not all of what it is now. */
const TELLS = {
  'lock-seen': ['build-ended', 'post-create', 'post-app-clone-setup', 'post-app-rename'],
  // Of domains:enable Dokku tells only that it set NO_VHOST.
  'domains-seen': [
    'post-domains-update',
    'post-config-update',
    'post-create',
    'post-app-clone-setup',
    'post-app-rename',
  ],
  'certificate-seen': ['post-certs-update', 'post-certs-remove', 'post-app-clone-setup', 'post-app-rename'],
  'formation-seen': [
    'ps:scale',
    'build-ended',
    'job-over',
    'process-stopped',
    'post-create',
    'post-app-clone-setup',
    'post-app-rename',
  ],
  'config-seen': [
    'post-config-update',
    'build-ended',
    'post-create',
    'post-app-clone-setup',
    'post-app-rename',
  ],
} as const

const TOLD_OF: readonly (readonly [Part, keyof typeof TELLS])[] = [
  ['locked', 'lock-seen'],
  ['domains', 'domains-seen'],
  ['certificate', 'certificate-seen'],
  ['formation', 'formation-seen'],
  ['configKeys', 'config-seen'],
]

/**
 * What has to be read after these triggers: a deploy costs Dokku less where only that is asked for which it may have
 * changed. Everything where one of them says nothing of what changed, as the end of a job, which may have set a lock.
 * `isLocked`: as our row has it.
 */
export function partsAfter(since: ReadonlySet<string>, isLocked: boolean): readonly Part[] {
  const tells = (names: readonly string[], trigger: string) => names.includes(trigger)
  const known = TOLD_OF.map(([part, difference]) => [part, TELLS[difference]] as const)
  const isKnown = (trigger: string) => known.some(([, names]) => tells(names, trigger))
  if (since.size === 0 || since.has('job-over') || ![...since].every(isKnown)) return PARTS
  const parts = known.flatMap(([part, names]) =>
    [...since].some((trigger) => tells(names, trigger) && mayChange(part, trigger, isLocked)) ? [part] : [],
  )
  // Whether a lock is a deploy's, its record tells.
  return parts.includes('locked') ? [...parts, 'builds'] : parts
}

/** Of locks a deploy only takes away. */
const mayChange = (part: Part, trigger: string, isLocked: boolean): boolean =>
  part !== 'locked' || trigger !== 'build-ended' || isLocked

/**
 * Every difference between our rows and Dokku, Dokku being right. `since`: triggers told of this app since it
 * was last compared. A difference they do not explain is noted as untold: somebody did what fires no trigger.
 */
export function compare(
  known: KnownApp,
  dokku: DokkuApp,
  since: ReadonlySet<string>,
  now: number,
): readonly Difference[] {
  const { name } = known
  const note = (trigger: keyof typeof TELLS, before?: readonly string[]) =>
    JSON.stringify({
      untold: known.looked && !known.front && !TELLS[trigger].some((told) => since.has(told)),
      ...(known.looked && before !== undefined && { before }),
    })
  const differences: Difference[] = []
  const { domains, formation, certificate } = dokku
  const locked = dokku.locked && !isLeftOver(known, dokku)
  const isHeld = dokku.builds?.some((build) => holdsLock(build, dokku.readAt)) === true
  if (locked !== undefined && known.locked !== locked && !isHeld)
    differences.push({ trigger: 'lock-seen', args: [name, String(locked)], note: note('lock-seen') })
  if (domains !== undefined && !sameSet(known.domains, domains))
    differences.push({
      trigger: 'domains-seen',
      args: [name, ...domains],
      note: note('domains-seen', known.domains),
    })
  if (formation !== undefined && !sameSet(known.formation, formation))
    differences.push({
      trigger: 'formation-seen',
      args: [name, ...formation],
      note: note('formation-seen', known.formation),
    })
  const keys = dokku.configKeys?.filter((key) => !NO_CONFIG.has(key))
  if (keys !== undefined && !sameSet(known.configKeys, keys))
    differences.push({
      trigger: 'config-seen',
      args: [name, ...keys],
      note: note('config-seen', known.configKeys),
    })
  if (certificate !== undefined && !sameCertificate(known.certificate, certificate))
    differences.push({
      trigger: 'certificate-seen',
      args: [name, note('certificate-seen')],
      note: JSON.stringify(certificate),
    })
  for (const build of [...(dokku.builds ?? [])].reverse()) {
    const startedAt = Date.parse(build.started_at)
    if (build.id === '' || known.knowsBuild(build.id, startedAt) || now - startedAt < YOUNG_MS) continue
    differences.push({
      trigger: 'build-seen',
      args: [name, build.id, String(build.pid), build.source],
      note: JSON.stringify(build),
    })
  }
  return differences
}

/**
 * A deploy that fails leaves its lock file behind; it holds nobody up, and the next deploy removes it. Only a lock that
 * was there before is somebody's own.
 */
const isLeftOver = (known: KnownApp, { builds: [newest] = [] }: DokkuApp): boolean =>
  !known.locked &&
  (known.lastDeployFailed || (!known.looked && newest !== undefined && newest.status !== 'succeeded'))

/** Each deploy takes the lock while it runs; it may have ended since the lock was read. */
const holdsLock = ({ status, display_status, finished_at }: BuildRecord, readAt: number): boolean =>
  status === 'running' ? display_status !== 'abandoned' : Date.parse(finished_at ?? '') >= readAt

/** Rows have each entry once, however often Dokku lists it. */
export function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const [left, right] = [new Set(one), new Set(other)]
  return left.size === right.size && [...left].every((entry) => right.has(entry))
}

/** `known` undefined: nothing was read of it since it changed, and nothing is to be had where Dokku cannot read it either. */
export const sameCertificate = (known: CertificateSeen | undefined, dokku: CertificateSeen): boolean => {
  if (known === undefined) return dokku !== null && isUnread(dokku)
  if (known === null || dokku === null) return known === dokku
  return (
    known.expiresAt === dokku.expiresAt &&
    known.startsAt === dokku.startsAt &&
    known.issuer === dokku.issuer &&
    sameSet(known.hostnames, dokku.hostnames)
  )
}
