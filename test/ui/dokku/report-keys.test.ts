import { expect, test } from 'vitest'
import { verdictOn } from '../../../ui/builds/verdict.ts'
import {
  readAppReport,
  readCertificateReport,
  readDomainsReport,
  readFacts,
  readReport,
} from '../../../ui/dokku/report.ts'
import { reported } from '../../../ui/reports/report.ts'
import { recordings } from '../../contract/recorded.ts'

/** Reports of one app, as JSON; from Dokku 0.39 on without the keys that begin with the plugin's name. */
const reports = recordings('reports').flatMap(({ command, stdout, exit }) => {
  const [, plugin = ''] = /^dokku ([a-z-]+):report \S+ --format json$/.exec(command) ?? []
  if (plugin === '' || exit !== 0 || !stdout.startsWith('{')) return []
  const now: Readonly<Record<string, unknown>> = JSON.parse(stdout)
  const prefix = { certs: 'ssl', apps: 'app' }[plugin] ?? plugin
  const later = Object.fromEntries(
    Object.entries(now).filter(
      ([key]) => !(key.startsWith(`${prefix}-`) && key.slice(prefix.length + 1) in now),
    ),
  )
  return [{ plugin, now, later }]
})

test('what is read of a report needs none of its prefixed keys, which Dokku 0.39 leaves out', () => {
  expect(
    reports.filter(({ now, later }) => Object.keys(later).length < Object.keys(now).length).length,
  ).toBeGreaterThan(20)
  for (const { plugin, now, later } of reports) {
    const [one, other] = [now, later].map((report) => readFacts(JSON.stringify(report)))
    for (const key of Object.keys(later))
      expect([plugin, key, reported(other, key)]).toEqual([plugin, key, reported(one, key)])
    const reads = { apps: readAppReport, certs: readCertificateReport, domains: readDomainsReport }
    const read = Object.hasOwn(reads, plugin) ? reads[plugin as keyof typeof reads] : null
    if (read !== null)
      expect(read(readReport(JSON.stringify(later)))).toEqual(read(readReport(JSON.stringify(now))))
  }
})

test('a git:sync whose record and log Dokku discarded is no deployment that failed', () => {
  const build = {
    ...{
      id: 1,
      host: 'local',
      app: 'shop',
      buildId: 'mx',
      source: 'git:sync',
      pid: 1,
      pidStart: '',
      logFile: '',
    },
    ...{ startedAt: 1, status: 'running' as const, exitCode: null, liveAt: null, builder: '', reason: '' },
    appDestroyedAt: null,
  }
  const says = { failure: null, ending: null, stopped: null, steps: [], lastWriteAt: null }
  expect(verdictOn(build, says, null)).toMatchObject({ status: 'skipped', exitCode: 0, failedStep: null })
})
