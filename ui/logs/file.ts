import { closeSync, constants, fstatSync, openSync, realpathSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'

export type OpenedLog =
  | { readonly kind: 'open'; readonly fd: number }
  /** Not there (yet). */
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Opens the log Dokku writes for a build. Its path came in an event, so it is believed only as far as it leads to
 * an ordinary file below `builds` (Dokku's data/builds): no link in or out of there, no pipe that never answers.
 */
export function openBuildLog(path: string, builds: string): OpenedLog {
  try {
    const root = realpathSync(builds)
    const folder = realpathSync(dirname(path))
    if (folder !== root && !folder.startsWith(root + sep)) return refused(path, `is not below ${builds}`)
    if (/[\0]/.test(path) || !/^[\w-][\w.-]*$/.test(basename(path)))
      return refused(path, 'is no name of a log')
    const fd = openSync(
      join(folder, basename(path)),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    )
    if (fstatSync(fd).isFile()) return { kind: 'open', fd }
    closeSync(fd)
    return refused(path, 'is no ordinary file')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' }
    if (code === 'ELOOP') return refused(path, 'is a link')
    return refused(path, error instanceof Error ? error.message : 'cannot be opened')
  }
}

const refused = (path: string, why: string): OpenedLog => ({
  kind: 'refused',
  reason: `the build log ${JSON.stringify(path)} ${why}`,
})
