/**
 * Attributes detected changes to the job or the command that made them. Some Dokku commands fire no trigger that says
 * what they changed: that is found when the app is read again, and the panel knows who ran the command where a job of
 * its own did, or where Dokku told of the command all the same.
 */
import { PANEL_USER } from '../events/actor.ts'
import { type Caller, type Event, noCaller } from '../events/event.ts'
import { isAccessReport } from '../properties/access.ts'

/** How soon after a job its change is detected, in milliseconds. */
const OF_JOB_MS = 60_000

/** By kind of job: the trigger of the event under which its change is detected, and what it then says. */
const DETECTED_AS: ReadonlyMap<string, string> = new Map([
  ['apps:lock', 'lock-seen true'],
  ['apps:unlock', 'lock-seen false'],
  ['ps:scale', 'formation-seen'],
])
const NAMES_WHAT: ReadonlySet<string> = new Set(['access-seen', 'lock-seen'])
const detectedAs = (kind: string): string | undefined => {
  const [plugin = ''] = kind.split(':')
  return isAccessReport(plugin) ? `access-seen ${plugin}` : DETECTED_AS.get(kind)
}

export interface JobOfApp {
  readonly id: number
  readonly kind: string
  readonly app: string | null
  /** Name of the account that requested it. */
  readonly who: string
}

export interface Attribution {
  jobOver(job: JobOfApp): void
  /** Remembers who called a command whose trigger does not say what it changed. */
  told(events: readonly Event[]): void
  /** The same events; one that a job or a command explains has its caller. Each explains one change. */
  attributed(events: readonly Event[]): readonly Event[]
}

/**
 * `now`: milliseconds since 1970. `running`: the job that changes an app at this moment; it may be minutes from its end
 * when what it changed is detected.
 */
export function attribution(
  now: () => number,
  running: (app: string) => Omit<JobOfApp, 'app'> | undefined = () => undefined,
): Attribution {
  const callers = new Map<string, { readonly caller: Caller; readonly at: number }>()
  /** By subject: the last job that explained a change while it ran. */
  const explained = new Map<string, number>()

  const subjectOf = (app: string, kind: string): string | undefined => {
    const trigger = detectedAs(kind)
    return trigger === undefined ? undefined : `${app} ${trigger}`
  }

  const byRunning = (app: string, subject: string): Caller | undefined => {
    const job = running(app)
    if (job === undefined || subjectOf(app, job.kind) !== subject || explained.get(subject) === job.id)
      return undefined
    explained.set(subject, job.id)
    return callerOf(job)
  }

  const callerFor = (app: string, subject: string): Caller => {
    const known = callers.get(subject)
    callers.delete(subject)
    const isRecent = known !== undefined && now() - known.at <= OF_JOB_MS
    return byRunning(app, subject) ?? (isRecent ? known.caller : noCaller)
  }

  return {
    jobOver(job) {
      const subject = job.app === null ? undefined : subjectOf(job.app, job.kind)
      if (subject === undefined || explained.get(subject) === job.id) return
      callers.set(subject, { caller: callerOf(job), at: now() })
    },
    told(events) {
      for (const { trigger, caller, args } of events) {
        if (trigger !== 'post-deploy' || caller.command !== 'ps:scale' || caller.sshUser === PANEL_USER)
          continue
        callers.set(`${args[0] ?? ''} formation-seen`, { caller, at: now() })
      }
    },
    attributed: (events) =>
      events.map((event) => {
        const { origin, trigger, args, caller } = event
        if (origin !== 'seen' || caller.command !== '') return event
        const [app = '', what = ''] = args
        const subject = `${app} ${trigger}${NAMES_WHAT.has(trigger) ? ` ${what}` : ''}`
        return { ...event, caller: callerFor(app, subject) }
      }),
  }
}

const callerOf = ({ kind, who }: Pick<JobOfApp, 'kind' | 'who'>): Caller => ({
  ...noCaller,
  command: kind,
  sshUser: PANEL_USER,
  sshName: who,
})
