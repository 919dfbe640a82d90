import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'

export interface Commit {
  readonly author: string
  readonly email: string
  /** Seconds since 1970. */
  readonly at: number
  readonly subject: string
  readonly parent: string
}

/**
 * Writes a real commit into a real bare repository, so that a hook can ask git for its author and subject.
 * By hand, since git's own way takes four processes and history needs hundreds of commits. Gives its id.
 */
export function writeCommit(repository: string, branch: string, commit: Commit): string {
  const who = `${commit.author} <${commit.email}> ${commit.at} +0000`
  const parent = commit.parent === '' ? '' : `parent ${commit.parent}\n`
  const tree = writeObject(repository, 'tree', Buffer.alloc(0))
  const body = `tree ${tree}\n${parent}author ${who}\ncommitter ${who}\n\n${commit.subject}\n`
  const id = writeObject(repository, 'commit', Buffer.from(body))
  setBranch(repository, branch, id)
  return id
}

/** Reads a commit back; null where there is none. */
export function readCommit(repository: string, id: string): Omit<Commit, 'parent'> | null {
  const file = objectFile(repository, id)
  if (!existsSync(file)) return null
  const [, head = '', subject = ''] =
    /\0(.*?)\n\n(.*)\n$/s.exec(inflateSync(readFileSync(file)).toString()) ?? []
  const [, author = '', email = '', at = '0'] = /^author (.*) <(.*)> (\d+)/m.exec(head) ?? []
  return { author, email, at: Number(at), subject }
}

/** What `git rev-parse HEAD` says: the word itself while the branch it stands for is not there. */
export function headOf(repository: string): string {
  const head = join(repository, 'HEAD')
  const [, ref = ''] = existsSync(head) ? (/^ref: (.*)$/m.exec(readFileSync(head, 'utf8')) ?? []) : []
  const file = join(repository, ref)
  return ref !== '' && existsSync(file) ? readFileSync(file, 'utf8').trim() : 'HEAD'
}

/** Without an id the branch is taken away. */
export function setBranch(repository: string, branch: string, id: string): void {
  initialize(repository, branch)
  const file = join(repository, 'refs/heads', branch)
  if (id === '') rmSync(file, { force: true })
  else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${id}\n`)
  }
}

/** As `git init --bare` with HEAD standing for this branch; a repository that is there stays as it is. */
export function initialize(repository: string, branch: string): void {
  if (existsSync(join(repository, 'HEAD'))) return
  for (const folder of ['objects', 'refs/heads']) mkdirSync(join(repository, folder), { recursive: true })
  writeFileSync(join(repository, 'HEAD'), `ref: refs/heads/${branch}\n`)
  writeFileSync(join(repository, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n')
}

function writeObject(repository: string, type: string, body: Buffer): string {
  const content = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body])
  const id = createHash('sha1').update(content).digest('hex')
  const file = objectFile(repository, id)
  if (existsSync(file)) return id
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, deflateSync(content))
  return id
}

export const objectFile = (repository: string, id: string): string =>
  join(repository, 'objects', id.slice(0, 2), id.slice(2))
