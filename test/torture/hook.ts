import { chmodSync, existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type HookOptions, type HookTimes, newRoot, timeHook, timeNewFile } from '../bench/hook.ts'

const AIM = 1.3
/** A folder in memory, where the file system adds nothing to the hook's own time. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export interface HookRow {
  readonly name: string
  readonly times: HookTimes
  readonly right: boolean
}

/** The hook on outboxes of every kind: what it costs, and that nobody hears of it. */
export function tortureHook(): HookRow[] {
  const memory = newRoot(MEMORY)
  const disk = newRoot(tmpdir())
  const newFile = timeNewFile(disk.outbox).toFixed(2)
  const missing = newRoot(tmpdir())
  rmSync(missing.outbox, { recursive: true })
  const source = 'https://ada:secret@git.test/blog.git#0123abcd'
  const rows = [
    timed('writable, in memory', { root: memory.root }, true),
    timed(
      'the start of a build, in memory',
      {
        root: memory.root,
        trigger: 'builds-record-start',
        args: ['blog', 'x', String(process.pid), 'git-hook'],
      },
      true,
    ),
    timed(
      'a source with credentials, in memory',
      { root: memory.root, trigger: 'deploy-source-set', args: ['blog', 'git-sync', source] },
      true,
    ),
    timed(`on this disk, where a new file alone takes ${newFile} ms`, { root: disk.root }, false),
    timed('missing', { root: missing.root }, true),
    timed('read-only', { root: disk.root, within: mounted('ro', disk.outbox) }, true),
    timed('on a full disk', { root: disk.root, within: mounted('size=16k', disk.outbox) }, true),
  ]
  for (const { root } of [memory, disk, missing]) rmSync(root, { recursive: true })
  return rows
}

const timed = (name: string, options: HookOptions, aim: boolean): HookRow => {
  const times = timeHook(options)
  const unheard = times.failed === 0 && times.said === 0 && times.stdinLeftWhole
  return { name, times, right: unheard && (!aim || times.ratio <= AIM) }
}

/** A file system of its own over `folder`, filled to the brim, gone with the command. */
const mounted = (how: string, folder: string): string[] => {
  chmodSync(folder, 0o777)
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const script = 'mount -t tmpfs -o "$1" none "$2"; head -c 1M /dev/zero >"$2/ballast"; shift 2; exec "$@"'
  return [
    'unshare',
    '--mount',
    ...user,
    '--',
    '/bin/bash',
    '-c',
    `{ ${script}; } 2>/dev/null`,
    '-',
    how,
    folder,
  ]
}
