/**
 * Attributes detected changes to the job that made them. Some Dokku commands fire no trigger: what they changed is found
 * when the app is read again, and the panel knows who ran the command where a job of its own did.
 */
import { PANEL_USER } from '../events/actor.ts'
import { type Event, noCaller } from '../events/event.ts'
import { isAccessReport } from '../properties/access.ts'

/** How soon after a job its change is detected, in milliseconds. */
const OF_JOB_MS = 60_000

/** By kind of job: the trigger of the event under which its change is detected. */
const DETECTED_AS: ReadonlyMap<string, string> = new Map([
  ['apps:lock', 'lock-seen'],
  ['apps:unlock', 'lock-seen'],
  ['ps:scale', 'formation-seen'],
])
const detectedAs = (kind: string): string | undefined => {
  const [plugin = ''] = kind.split(':')
  return isAccessReport(plugin) ? `access-seen ${plugin}` : DETECTED_AS.get(kind)
}

export interface EndedJob {
  readonly kind: string
  readonly app: string | null
  /** Name of the account that requested it. */
  readonly who: string
}

export interface Attribution {
  jobOver(job: EndedJob): void
  /** The same events; one that a job explains has its caller. A job explains one change. */
  attributed(events: readonly Event[]): readonly Event[]
}

/** `now`: milliseconds since 1970. */
export function attribution(now: () => number): Attribution {
  const jobs = new Map<string, EndedJob & { readonly at: number }>()

  const callerOf = (subject: string) => {
    const job = jobs.get(subject)
    jobs.delete(subject)
    if (job === undefined || now() - job.at > OF_JOB_MS) return noCaller
    return { ...noCaller, command: job.kind, sshUser: PANEL_USER, sshName: job.who }
  }

  return {
    jobOver(job) {
      const trigger = detectedAs(job.kind)
      if (job.app !== null && trigger !== undefined) jobs.set(`${job.app} ${trigger}`, { ...job, at: now() })
    },
    attributed: (events) =>
      events.map((event) => {
        const { origin, trigger, args, caller } = event
        if (origin !== 'seen' || caller.command !== '') return event
        const [app = '', plugin = ''] = args
        return {
          ...event,
          caller: callerOf(`${app} ${trigger}${trigger === 'access-seen' ? ` ${plugin}` : ''}`),
        }
      }),
  }
}
