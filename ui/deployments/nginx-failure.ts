/** Why nginx took no configuration, and through whose file. Pure. */
import { type Evidence, type Failure, failure, part } from './failure.ts'

/** nginx tests the files of all apps at once, so that one wrong file fails the deploy of any app. */
export function nginxFailure({ same, recent, stage }: Evidence): Failure {
  const why = part(same, /\[emerg\] (?:\d+#\d+: )?(.*)$/)
  if (same.some(({ text }) => text.includes('nginx.conf.sigil'))) return ownTemplate(why, { same, stage })
  const owner =
    part(recent, /Failed to validate nginx config for (\S+?)\. Contents/) ||
    (/\/home\/[^/]+\/([^/"]+)\/(?:nginx\.conf|tls\/)/.exec(why)?.[1] ?? '')
  const app = part(recent, /configuration is in sync for (\S+)$/)
  return failure('proxy', `${refusal(owner, app)}: ${why || 'its test of the configuration failed'}`, same)
}

const refusal = (owner: string, app: string): string => {
  if (owner === '') return 'nginx refused the configuration'
  if (owner === app) return 'nginx refused the configuration of this app'
  return `nginx refused the configuration of ${app === '' ? owner : `another app, ${owner}`}`
}

/** Dokku tests an app's own template by itself, before it builds. */
const ownTemplate = (why: string, { same, stage }: Pick<Evidence, 'same' | 'stage'>): Failure => {
  const wrong = why.replace(/ in \/tmp\/\S+\/nginx\.conf:(\d+)$/, ', in line $1 of what it renders')
  return failure(
    stage,
    wrong === ''
      ? 'The app’s own nginx.conf.sigil cannot be rendered'
      : `The app’s own nginx.conf.sigil is wrong: ${wrong}`,
    same,
  )
}
