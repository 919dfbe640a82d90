/** What another host may tell by `POST /events`: which tokens speak for which host, and what an event may claim. Pure. */
import { createHash, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import { PANEL_USER } from '../events/actor.ts'
import { appOf, type Event, EventId, LOCAL, TRIGGERS } from '../events/event.ts'

/** A batch as it is sent. */
export const EventBatch = z.object({
  host: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/),
  events: z
    .array(
      z.object({
        id: EventId,
        trigger: z.string().regex(/^[a-z0-9-]{1,64}$/),
        args: z.array(z.string().max(64 * 1024)).max(1000),
        buildId: z.string().max(64).default(''),
        buildSource: z.string().max(64).default(''),
        logFile: z.string().max(4096).default(''),
        caller: z
          .object({
            command: z.string().max(128).default(''),
            sshUser: z.string().max(128).default(''),
            sshName: z.string().max(128).default(''),
            fingerprint: z.string().max(128).default(''),
            sudoUser: z.string().max(128).default(''),
            loginUid: z.string().max(16).default(''),
          })
          .prefault({}),
        note: z
          .string()
          .max(64 * 1024)
          .default(''),
      }),
    )
    .max(500),
})

export interface RemoteToken {
  /** The one host it speaks for; null: every remote host without a token of its own. */
  readonly host: string | null
  readonly token: string
}

/** Undefined where no token is this one. Every token is compared, so the time it takes tells nothing. */
export function tokenGiven(given: string, tokens: readonly RemoteToken[]): RemoteToken | undefined {
  const digest = digestOf(given)
  return tokens.filter(({ token }) => timingSafeEqual(digest, digestOf(token)))[0]
}

/** Compared by digest, so neither length nor content shows in the time it takes. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Whether a token may tell of a host. No remote host is this one. */
export const speaksFor = (
  { host: own }: RemoteToken,
  host: string,
  tokens: readonly RemoteToken[],
): boolean => host !== LOCAL && (own === null ? tokens.every((other) => other.host !== host) : own === host)

/** A clock may be ahead by so much. */
const AHEAD_MS = 60 * 60_000

/** Of the panel itself: another host's settings are not this panel's. */
const OWN_TRIGGER = 'dokkubase-set'

/**
 * Why an event from another host is not recorded; null where it is. It may tell what hooks tell and nothing that would
 * be taken for this host's: no people of this panel, no files or processes of this server, no names that are none.
 */
export function refusalOf(event: Event, now: number): string | null {
  const { trigger, args, caller, buildId, logFile, at } = event
  if (!TRIGGERS.has(trigger) || trigger === OWN_TRIGGER)
    return `hooks of another host do not tell of ${trigger}`
  if (caller.sshUser === PANEL_USER) return 'only this panel tells what was started from its pages'
  if (Object.values(caller).some((word) => CONTROL.test(word)))
    return 'the caller has control characters in it'
  if (!isNamed(appOf(trigger, args))) return 'the app has no name that Dokku gives'
  if (![buildId, ...(BUILD.has(trigger) ? [args[1] ?? ''] : [])].every((id) => BUILD_ID.test(id)))
    return 'the build has no id that Dokku gives'
  if (trigger === 'builds-record-start' && !/^\d{0,10}$/.test(args[2] ?? '')) return 'the PID is not a number'
  if (!LOG_FILE.test(logFile)) return 'the log file is not an absolute path to a .log'
  if (at > now + AHEAD_MS) return 'it is of the future: set the clock of that host'
  return null
}

const CONTROL = /\p{Cc}/u
const isNamed = (app: string | null): boolean =>
  app === null || /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(app)
const BUILD: ReadonlySet<string> = new Set(['builds-record-start', 'builds-record-finalize'])
const BUILD_ID = /^[\w-]{0,64}$/
const LOG_FILE = /^(|(\/(?!\.{1,2}\/)[\w.@+-]+)+\.log)$/
