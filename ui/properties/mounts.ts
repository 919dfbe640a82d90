/** Folders of the server that an app's containers see, and options Docker is given. Pure. */
import * as z from 'zod'
import { climbs } from '../dokku/names.ts'
import type { Facts } from '../reports/report.ts'

/** Below this each folder belongs to apps; any other folder is as good as root on the server. */
export const OWN_STORAGE = '/var/lib/dokku/data/storage/'

/** Dokku splits what it gives Docker at blanks, except behind a backslash. */
const escaped = (path: string): string => path.replaceAll(/\\? /g, '\\ ')

const path = (message: string) =>
  z
    .string()
    .trim()
    .max(250, 'a path is 250 letters at most')
    .transform(escaped)
    .refine((text) => /^(\/([A-Za-z0-9_.@+,=~%-]|\\ )+)+$/.test(text), message)
    .refine((text) => !climbs(text), 'write the path without . and ..')

export const HostPath = path(`write a folder of the server, such as ${OWN_STORAGE}shop`)
export const ContainerPath = path('write a folder within the container, such as /data')

/** A folder or volume of the server, and a folder of a container, as Dokku has them: to be unmounted as they are. */
export const MountedFrom = z
  .string()
  .regex(/^[A-Za-z0-9/][A-Za-z0-9_.@+,=~%() /\\-]{0,299}$/, 'Dokku cannot be asked for this mount')
export const MountedTo = z
  .string()
  .regex(/^\/[A-Za-z0-9_.@+,=~%() /\\-]{0,249}$/, 'Dokku cannot be asked for this mount')

/** Of an app's own storage, one folder deep: deeper, the app could put a link to / where the mount goes. */
export const isOwn = (host: string): boolean =>
  host.startsWith(OWN_STORAGE) && /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/.test(host.slice(OWN_STORAGE.length))

export interface Mount {
  /** Dokku's name for what is mounted; `legacy-…` where it was mounted by its path. Empty: not known. */
  readonly entry: string
  readonly host: string
  readonly container: string
  readonly phases: string
  readonly readonly: boolean
}

/** `attachment.1.host-path` … of storage:report. */
export function mountsIn(facts: Facts | undefined): readonly Mount[] {
  const text = (key: string): string => {
    const value = facts?.[key]
    return typeof value === 'string' ? value : ''
  }
  return Object.keys(facts ?? {})
    .flatMap((key) => /^attachment\.(\d+)\.container-path$/.exec(key)?.[1] ?? [])
    .sort((one, other) => Number(one) - Number(other))
    .map((at) => ({
      entry: text(`attachment.${at}.entry-name`),
      host: text(`attachment.${at}.host-path`) || text(`attachment.${at}.entry-name`),
      container: text(`attachment.${at}.container-path`),
      phases: text(`attachment.${at}.phases`),
      readonly: text(`attachment.${at}.readonly`) === 'true',
    }))
}

/** Whether Dokku can be asked by the two paths to unmount it: an entry with a name of its own is unmounted by that. */
export const isUnmountable = ({ entry, host, container }: Mount): boolean =>
  (entry === '' || entry.startsWith('legacy-')) &&
  MountedFrom.safeParse(host).success &&
  MountedTo.safeParse(container).success

export const PHASES = ['build', 'deploy', 'run'] as const

/** Words of Dokku's own that it obeys wherever they stand. */
const DOKKUS_OWN: ReadonlySet<string> = new Set(['--app', '--force', '--global', '--quiet', '--trace'])

export const DockerOption = z
  .string()
  .trim()
  .max(500, 'an option is 500 letters at most')
  .regex(/^--?[A-Za-z][^\p{Cc}]*$/u, 'write an option of docker run, such as --shm-size 256m')
  .refine((text) => !DOKKUS_OWN.has(text.split(/[ =]/)[0] ?? ''), 'Dokku would take this for its own')

export const optionsIn = (facts: Facts | undefined, phase: (typeof PHASES)[number]): readonly string[] => {
  const list = facts?.[`${phase}-list`]
  return typeof list === 'string' || list === undefined ? [] : list
}
