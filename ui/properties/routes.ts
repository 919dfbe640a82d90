import { Hono } from 'hono'
import type { AppHeads } from '../apps/head.ts'
import { type AppReport, type Facts, type Looks, type ReportReads, reported } from '../reports/report.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import { settingsPage } from './views.ts'

export interface PropertiesOptions {
  readonly heads: AppHeads
  readonly reports: ReportReads
  readonly looks: Looks
}

/** What of Dokku's reports this page shows, whatever plugins there are. */
const SHOWN: readonly Exclude<AppReport, 'cron'>[] = [
  'ports',
  'proxy',
  'builder',
  'builder-dockerfile',
  'ps',
  'app-json',
  'git',
  'network',
  'nginx',
  'storage',
  'docker-options',
]

export const properties = ({ heads, reports, looks }: PropertiesOptions) =>
  new Hono<AppEnv>().get('/apps/:app/settings', knownApp(heads), (c) => {
    const { app } = c.get('head')
    const at = reports.oldest(app.id, SHOWN)
    if (app.destroyedAt === null && !app.front) looks.shown(app.name, at)
    const facts = (name: Exclude<AppReport, 'cron'>): Facts | undefined => reports.facts(app.id, name)?.body
    return c.html(
      settingsPage(c.get('frame'), c.get('head'), {
        facts,
        plugins: reports.server('plugins')?.body,
        pluginVersions: reports.server('plugin-versions')?.body ?? [],
        networks: reports.server('networks')?.body,
        allowed: reports.server('allowed')?.body ?? [],
        proxied: reported(facts('proxy'), 'enabled') !== 'false',
        looked: {
          app: app.name,
          tab: 'settings',
          at,
          isLooking: looks.isLooking(app.name),
          deploying: c.get('head').deploying,
        },
      }),
    )
  })
