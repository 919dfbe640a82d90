/**
 * What a job's command is given by stdin, and nobody is to read: a file only the panel's user can open, for as long as
 * the job is not over. Never in a row, in Redis, in a log or in an argv.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivate } from '../database/private-file.ts'

/** Text, or a file somewhere in the data folder that becomes the job's. */
export type Given = { readonly text: string } | { readonly file: string }

export type Inputs = ReturnType<typeof inputs>

export function inputs(folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = (id: number): string => join(folder, `${id}.secret`)

  return {
    path,
    has: (id: number): boolean => existsSync(path(id)),
    read: (id: number): string => readFileSync(path(id), 'utf8'),
    /** On the disk when it returns. */
    put(id: number, given: Given): void {
      if ('file' in given) renameSync(given.file, path(id))
      else writePrivate(path(id), given.text)
    },
    /** What all of them take on the disk. */
    bytes: (): number =>
      readdirSync(folder)
        .map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0)
        .reduce((sum, size) => sum + size, 0),
    remove: (id: number): void => rmSync(path(id), { force: true }),
    /** Those of jobs that are over, or never came to be, as a crash leaves them. */
    sweep(isOpen: (id: number) => boolean): void {
      for (const name of readdirSync(folder)) {
        const [, id = ''] = /^(\d+)\.secret$/.exec(name) ?? []
        if (id !== '' && !isOpen(Number(id))) rmSync(join(folder, name), { force: true })
      }
    },
  }
}
