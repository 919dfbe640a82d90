/** The keys of config that are reserved on this server, by what the gate said of them last. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Reserved, reservedKeys } from './config/reserved.ts'
import type { ReportReads } from './reports/report.ts'
import type { Settings } from './settings.ts'

/**
 * Before the gate was asked for the first time, the lists beside it count, which it holds everybody to in any case. The
 * returned function is called for each request: its answer stays as it was.
 */
export function reservedHere(
  { gate }: Pick<Settings, 'gate'>,
  reports: Pick<ReportReads, 'server'>,
): () => Reserved {
  const beside = reservedKeys(linesBeside(dirname(gate)))
  let last: { readonly at: number; readonly reserved: Reserved } | undefined
  return () => {
    const report = reports.server('reserved')
    if (report === undefined) return beside
    if (last?.at !== report.at) last = { at: report.at, reserved: reservedKeys(report.body) }
    return last.reserved
  }
}

const linesBeside = (folder: string): readonly string[] => [
  ...linesOf(join(folder, 'reserved')),
  ...linesOf(join(folder, 'script-names')).map((name) => `script ${name}`),
]

const linesOf = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
