/**
 * Where changes wait until they are applied: one file for each account and app, and one for the server, in the panel's data folder, that only
 * its user can open. Not in the browser: what lies there is at hand for every extension, is not there on the next
 * machine and not at all without script. Not in SQLite: its pages, backups and WAL keep what was deleted. A file goes
 * when its changes are applied or discarded, when its account signs out or has no session left, and with its app.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { writePrivate } from '../database/private-file.ts'
import { AppName } from '../dokku/names.ts'
import { type Draft, emptyDraft, isEmpty } from './draft.ts'
import { GLOBAL, named } from './owner.ts'

const EditInFile = z.object({
  key: z.string(),
  value: z.string().nullable(),
  at: z.number(),
  base: z.string().nullable(),
})
const DraftInFile = z.object({
  version: z.number(),
  salt: z.string(),
  account: z.object({ id: z.number(), name: z.string() }),
  edits: z.array(EditInFile),
  applying: z
    .object({
      job: z.number(),
      edits: z.array(EditInFile),
      unsetting: z.array(z.string()),
      restart: z.boolean(),
      byRoot: z.boolean(),
      by: z.object({ ip: z.string(), userAgent: z.string() }),
    })
    .nullable(),
  ours: z.object({ from: z.number(), to: z.number().nullable() }).nullable(),
  failed: z.number().nullable(),
  leftOut: z.array(z.string()).default([]),
})

export interface Drafts {
  /** `app` null: the server. */
  find(account: Draft['account'], app: string | null): Draft
  /** One without changes is removed. */
  put(app: string | null, draft: Draft): void
  remove(account: number, app: string | null): void
  /** What is under way goes on to its end, by the names of its keys. */
  removeOf(account: number): void
  /** Of everybody and every app. */
  all(): readonly { readonly app: string | null; readonly draft: Draft }[]
}

export function configDrafts(folder: string): Drafts {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = (account: number, app: string | null): string =>
    join(folder, `${account}-${named(AppName.nullable().parse(app))}.json`)
  const read = (file: string): Draft | null => {
    try {
      return DraftInFile.parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch {
      return null
    }
  }
  /** Names of files, whole ones and such as a crash left half written. */
  const names = () =>
    readdirSync(folder).flatMap((name) => {
      const [, account = '', app = ''] = /^(\d+)-([a-z0-9._-]+)\.json(?:\.new)?$/.exec(name) ?? []
      return account === '' ? [] : [{ name, account: Number(account), app: app === GLOBAL ? null : app }]
    })
  const remove = (file: string): void => rmSync(file, { force: true })

  return {
    find: (account, app) =>
      read(path(account.id, app)) ?? emptyDraft(account, randomBytes(18).toString('base64url')),
    put(app, draft) {
      const file = path(draft.account.id, app)
      if (isEmpty(draft) && draft.failed === null) remove(file)
      else write(file, JSON.stringify(draft))
    },
    remove: (account, app) => remove(path(account, app)),
    removeOf(account) {
      for (const { account: of, app, name } of names()) {
        const draft = of === account ? read(join(folder, name)) : null
        const { applying = null } = draft ?? {}
        if (draft !== null && applying !== null)
          this.put(app, { ...draft, edits: [], applying: { ...applying, edits: [] } })
        else if (of === account) remove(join(folder, name))
      }
    },
    all: () =>
      names().flatMap(({ name, app }) => {
        const draft = name.endsWith('.new') ? null : read(join(folder, name))
        if (draft === null) remove(join(folder, name))
        return draft === null ? [] : [{ app, draft }]
      }),
  }
}

/** Whole or not at all, also when the server loses its power. */
function write(file: string, text: string): void {
  const fresh = `${file}.new`
  writePrivate(fresh, text)
  renameSync(fresh, file)
}
