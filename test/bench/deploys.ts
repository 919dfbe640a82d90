import type { Event } from '../../ui/events/event.ts'
import { SECOND, told } from '../ui/story/events.ts'
import { appName } from './past.ts'

/** Eight triggers a deploy, as a real Dokku fires them. */
export function deploys(count: number): Event[] {
  const from = Date.now() - count * SECOND
  return Array.from({ length: count / 8 }, (_, index) => {
    const app = appName(index % 50)
    const at = from + index * 8 * SECOND
    const buildId = `b${index.toString(36)}`
    const revision = index.toString(16).padStart(40, 'a')
    const build = {
      buildId,
      buildSource: 'git-hook',
      logFile: `/var/lib/dokku/data/builds/${app}/${buildId}.log`,
    }
    const commit = 'Ada Lovelace\nada@example.com\n1790000000\nPage orders by key'
    const fire = (trigger: string, args: readonly string[], note = '', after = 0) =>
      told(at + after * SECOND, 'ada', trigger, [app, ...args], { ...build, note })
    return [
      fire('builds-record-start', [buildId, '4242', 'git-hook']),
      fire('post-extract', ['/tmp/work', revision], commit, 1),
      fire('pre-receive-app', ['dockerfile', '/tmp/work', revision], '', 2),
      { ...fire('post-release-builder', [], '', 3), args: ['dockerfile', app, `dokku/${app}:latest`] },
      fire('post-deploy', ['', '', 'latest'], '', 4),
      fire('builds-record-finalize', [buildId, '0'], '', 5),
      fire('builds-record-finalize', [buildId, '0'], '', 6),
      fire('deploy-source-set', ['git-push', revision], '', 7),
    ]
  }).flat()
}
