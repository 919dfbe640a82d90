/**
 * An event is our record of one trigger, or of something the panel noticed by itself.
 *
 * On its way in it is a file (or one entry of a `POST /events` batch): NUL-terminated fields closed by a
 * newline, written by `triggers/event` with a single bash builtin. Nothing is escaped in bash; decoding,
 * repairing UTF-8 and working out who did it all happen here.
 */
import * as z from 'zod'
import { lookup } from '../web/lookup.ts'

/** `told`: Dokku fired a trigger. `seen`: the panel compared with Dokku, Docker or a process and noticed. */
export type Origin = 'told' | 'seen'

/** Who caused an event, as far as the environment of the hook tells. Empty strings where it does not. */
export interface Caller {
  /** Dokku's command name without arguments, e.g. `config:set`. */
  readonly command: string
  readonly sshUser: string
  /** Name of the SSH key, or of the panel account a job ran for. */
  readonly sshName: string
  readonly fingerprint: string
  readonly sudoUser: string
  /** `/proc/self/loginuid`: 4294967295 where nobody logged in (cron, boot). */
  readonly loginUid: string
}

/** One event before it has a place in the journal. `at` is milliseconds since 1970. */
export interface Event {
  readonly id: string
  readonly host: string
  readonly origin: Origin
  readonly trigger: string
  readonly at: number
  readonly args: readonly string[]
  readonly buildId: string
  readonly buildSource: string
  readonly logFile: string
  readonly caller: Caller
  /**
   * Trigger-specific: `/proc/PID/stat` for builds-record-start, the commit for post-extract, for scheduler-post-run the
   * id of the cron entry and ` detached` where its container had only begun; JSON for `seen`.
   */
  readonly note: string
}

/** An event with its place: `seq` orders the journal, `appId` is the app it belongs to (null: none). */
export interface RecordedEvent extends Event {
  readonly seq: number
  readonly app: string | null
}

/** Name of this host in the journal; no other may have it. */
export const LOCAL = 'local'

/** Every trigger a hook tells of: the names in `triggers/`. What the panel notices by itself is none of them. */
export const TRIGGERS: ReadonlySet<string> = new Set([
  ...['builds-record-finalize', 'builds-record-start', 'deploy-source-set', 'dokkubase-set', 'pre-start'],
  ...['post-app-clone-setup', 'post-app-rename', 'post-app-rename-setup', 'post-certs-remove', 'post-stop'],
  ...['post-certs-update', 'post-config-update', 'post-create', 'post-delete', 'post-deploy', 'post-extract'],
  ...['post-domains-update', 'post-proxy-ports-update', 'post-release-builder', 'pre-receive-app'],
  ...['retire-container-failed', 'scheduler-post-run'],
])

export const FORMAT = '1'
/** The largest event a hook may write; larger files are set aside. Bytes. */
export const MAX_EVENT_BYTES = 256 * 1024
const FIXED_FIELDS = 14

/** Ids sort by time as text: ten digits of seconds, six of microseconds, PID, random. */
export const EventId = z.string().regex(/^\d{10}\.\d{6}-\d{1,10}-[\w-]{0,20}$/)

export type ParsedFile =
  | { readonly kind: 'event'; readonly event: Event }
  /** Still being written, or its writer died: not closed by a newline or fewer fields than it announced. */
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'broken'; readonly reason: string }

/** Reads one outbox file. Never throws: what cannot be read is named in `reason`. */
export function parseEventFile(content: Buffer, host: string): ParsedFile {
  if (content.length > MAX_EVENT_BYTES) return broken(`larger than ${MAX_EVENT_BYTES} bytes`)
  if (content.length === 0 || content.at(-1) !== 0x0a) return { kind: 'unfinished' }
  const fields = content.subarray(0, -1).toString('utf8').split('\0')
  if (fields.pop() !== '') return { kind: 'unfinished' }
  if (fields[0] !== FORMAT) return broken(`format ${JSON.stringify(fields[0])} is not known to this version`)
  const count = fields[FIXED_FIELDS - 1]
  if (count === undefined) return { kind: 'unfinished' }
  if (!/^\d{1,5}$/.test(count)) return broken('the argument count is not a number')
  if (fields.length < FIXED_FIELDS + Number(count)) return { kind: 'unfinished' }
  if (fields.length > FIXED_FIELDS + Number(count)) return broken('more arguments than announced')
  const at = (index: number): string => fields[index] ?? ''
  const id = EventId.safeParse(at(1))
  if (!id.success) return broken('the id is not EPOCHREALTIME-PID-SRANDOM')
  return {
    kind: 'event',
    event: {
      id: id.data,
      host,
      origin: 'told',
      trigger: at(2),
      at: timeOfId(id.data),
      args: fields.slice(FIXED_FIELDS),
      buildId: at(3),
      buildSource: at(4),
      logFile: at(5),
      caller: {
        command: at(6),
        sshUser: at(7),
        sshName: at(8),
        fingerprint: at(9),
        sudoUser: at(10),
        loginUid: at(11),
      },
      note: at(12),
    },
  }
}

/** The same bytes `triggers/event` writes. For the simulator's back-dated history, torture and tests. */
export function formatEventFile(event: Event): Buffer {
  const { caller } = event
  const fields = [
    FORMAT,
    event.id,
    event.trigger,
    event.buildId,
    event.buildSource,
    event.logFile,
    caller.command,
    caller.sshUser,
    caller.sshName,
    caller.fingerprint,
    caller.sudoUser,
    caller.loginUid,
    event.note,
    String(event.args.length),
    ...event.args,
  ]
  return Buffer.from(`${fields.join('\0')}\0\n`)
}

/** Milliseconds since 1970 from an event id. */
export const timeOfId = (id: string): number => Math.floor(Number(id.slice(0, 17)) * 1000)

/** An id that sorts at `at` (milliseconds since 1970). */
export const eventId = (at: number, pid: number, random: string | number): string => {
  const seconds = Math.floor(at / 1000)
  const micros = Math.floor((at - seconds * 1000) * 1000)
  return `${String(seconds).padStart(10, '0')}.${String(micros).padStart(6, '0')}-${pid}-${random}`
}

export const noCaller: Caller = {
  command: '',
  sshUser: '',
  sshName: '',
  fingerprint: '',
  sudoUser: '',
  loginUid: '',
}

/** Something the panel noticed by itself: nobody called a command, and unless it says so no build is meant. */
export const seenEvent = (
  seen: Pick<Event, 'id' | 'host' | 'trigger' | 'at' | 'args'> & Partial<Event>,
): Event => ({
  buildId: '',
  buildSource: '',
  logFile: '',
  caller: noCaller,
  note: '',
  ...seen,
  origin: 'seen',
})

/** The app an event is about; null for global ones. Most triggers name it first, a few do not. */
export function appOf(trigger: string, args: readonly string[]): string | null {
  const position = APP_ARGUMENT.get(trigger) ?? 0
  const name = args[position]
  return name === undefined || name === '' || name.startsWith('--') ? null : name
}

/** What only a deploy of the app itself fires, with the id of its build, in the order it comes. */
export const DEPLOY_SIGNS = [
  'post-extract',
  'pre-receive-app',
  'post-release-builder',
  'post-deploy',
] as const

/** What the note of a scheduler-post-run says. */
export function runOf({ note }: Pick<Event, 'note'>): { readonly entry: string; readonly detached: boolean } {
  const [entry = '', detached] = note.split(' ')
  return { entry, detached: detached !== undefined }
}

const APP_ARGUMENT = lookup<number>({
  'post-release-builder': 1,
  'scheduler-post-run': 1,
  'post-app-rename-setup': 1,
  'post-app-rename': 1,
  'post-app-clone-setup': 1,
  'post-app-clone': 1,
  // Of the panel itself.
  'dokkubase-set': -1,
  'events-missed': -1,
})

const broken = (reason: string): ParsedFile => ({ kind: 'broken', reason })
