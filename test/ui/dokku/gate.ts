import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gateAt } from '../../../ui/dokku/gate.ts'

/** The gate of this clone. */
export const SCRIPT = fileURLToPath(new URL('../../../ui/dokku/gate/gate', import.meta.url))

/** A server of one test: the real gate, and in place of Dokku a bash script. */
export function gated(script: string) {
  const lib = mkdtempSync(join(tmpdir(), 'dokkubase-gate-'))
  const dokku = join(lib, 'dokku')
  mkdirSync(join(lib, 'data/dokkubase'), { recursive: true })
  const dokkuIs = (text: string) =>
    writeFileSync(dokku, `#!/bin/bash\nhere='${lib}'\n${text}\n`, { mode: 0o755 })
  dokkuIs(script)
  return {
    lib,
    dokkuIs,
    gate: gateAt({ script: SCRIPT, user: null, dokku, dokkuLibRoot: lib }),
    /** Lines of the processes that have `mark` in their command line. */
    processes: (mark: string) =>
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .flatMap((pid) => {
          const line = commandLine(pid)
          return line.includes(mark) ? [`${pid} ${line}`] : []
        }),
    close: () => rmSync(lib, { recursive: true, force: true }),
  }
}

const commandLine = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
