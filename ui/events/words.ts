/** An event as a sentence a person would say: "admin added shop.example.com to shop". Pure. */
import { entryOf } from '../dokku/cron-id.ts'
import { DETECTED_A_MINUTE } from '../journal/detected.ts'
import { duration } from '../web/format.ts'
import { lookup } from '../web/lookup.ts'
import { accessSentence } from './access-words.ts'
import { configSeen, domainsSeen, formationSeen, portsUpdated } from './change-words.ts'
import { runOf } from './event.ts'
import { app, by, detectedOr, list, type Piece, type Say, type Sayable, typed } from './phrases.ts'
import { PROCESS_SENTENCES } from './process-words.ts'

/** The sentence in pieces; join it with `spoken` where plain text is wanted. */
export function sentence(event: Sayable): readonly Piece[] {
  const say = event.begins && event.trigger !== 'build-seen' ? began : SENTENCES.get(event.trigger)
  return say === undefined ? [{ typed: event.trigger }, ' of ', app(event)] : say(event)
}

export const spoken = (pieces: readonly Piece[]): string =>
  pieces
    .map((piece) =>
      typeof piece === 'string'
        ? piece
        : 'app' in piece
          ? piece.app
          : 'typed' in piece
            ? piece.typed
            : piece.who,
    )
    .join('')

const isLocked = ({ args }: Sayable): boolean => args[1] === 'true'

/** How each source of a deploy is said: to deploy, is deploying, deployed. */
const VERBS = lookup<readonly [plain: string, going: string, past: string]>({
  'git-hook': ['deploy', 'deploying', 'deployed'],
  'ps:rebuild': ['rebuild', 'rebuilding', 'rebuilt'],
  'ps:restart': ['restart', 'restarting', 'restarted'],
  'config-redeploy': ['redeploy', 'redeploying', 'redeployed'],
  deploy: ['start', 'starting', 'started'],
  'git:from-archive': ['deploy an archive to', 'deploying an archive to', 'deployed an archive to'],
  'git:from-image': ['deploy an image to', 'deploying an image to', 'deployed an image to'],
  'git:load-image': ['load an image into', 'loading an image into', 'loaded an image into'],
})

const began: Say = by((event) => {
  const source = event.buildSource || (event.args[3] ?? '')
  const [plain, going, past] = VERBS.get(source) ?? ['deploy', 'deploying', 'deployed']
  const what: readonly Piece[] = source === 'git:sync' ? [app(event), ' from git'] : [app(event)]
  if (event.outcome === 'running') return [`is ${going} `, ...what]
  if (event.outcome === 'succeeded') return [`${past} `, ...what]
  if (event.outcome === 'canceled') return [`began to ${plain} `, ...what, '; it was canceled']
  if (event.outcome === 'failed after it was live')
    return [`${past} `, ...what, '; it failed after it was live']
  if (event.outcome === 'built') return ['built ', app(event), ' without deploying it']
  if (event.outcome === 'refused') return [`tried to ${plain} `, ...what, ' while another deploy was running']
  if (event.outcome === 'skipped') return skipped(source, event)
  return [event.outcome === 'failed' ? `failed to ${plain} ` : `began to ${plain} `, ...what]
})

/** Nothing was to be built. */
const skipped = (source: string, event: Sayable): readonly Piece[] => {
  if (source === 'git:sync') return ['fetched ', app(event), ' from git; nothing was to be built']
  if (source === 'git-hook') return ['pushed another branch of ', app(event), '; nothing was deployed']
  return ['brought ', app(event), ' what it has already; nothing was built']
}

const config: Say = by((event) => {
  const [, operation, ...keys] = event.args
  const where: readonly Piece[] = event.app === null ? ['for all apps'] : ['on ', app(event)]
  if (operation === 'clear') return ['cleared the config ', ...where]
  return [operation === 'unset' ? 'removed ' : 'set ', ...list(keys, 'config key'), ' ', ...where]
})

const domains: Say = by((event) => {
  const [, action, ...names] = event.args
  const of = app(event)
  if (action === 'add') return ['added ', ...list(names, 'domain'), ' to ', of]
  if (action === 'remove') return ['removed ', ...list(names, 'domain'), ' from ', of]
  if (action === 'set') return ['set the domains of ', of, ' to ', ...list(names, 'domain')]
  if (action === 'clear') return ['removed every domain of ', of]
  if (action === 'reset') return ['set the domains of ', of, ' back to the global ones']
  if (action === 'enable' || action === 'disable') return [`${action}d domains for `, of]
  return ['changed the domains of ', of]
})

const oneOff: Say = by((event) => {
  const { entry, detached } = runOf(event)
  const code = event.args[3] ?? ''
  return [
    detached ? 'began ' : 'ran ',
    ...what(entry),
    app(event),
    ...(detached ? [', in the background'] : code === '' || code === '0' ? [] : [`; it ended with ${code}`]),
  ]
})

/** Only of a cron entry does Dokku say what it was. */
const what = (id: string): readonly Piece[] => {
  if (id === '') return ['a command in ']
  const entry = entryOf(id)
  return entry === null ? ['a cron entry of '] : [typed(entry.command), ' in ']
}

const SENTENCES = lookup<Say>({
  'builds-record-start': began,
  'build-seen': (event) => ['A deploy of ', app(event), ' that Dokku did not tell of'],
  'builds-record-finalize': (event) => [
    'The deploy of ',
    app(event),
    event.args[2] === '0' ? ' ended well' : ` ended with ${event.args[2] ?? 'an error'}`,
  ],
  'build-ended': (event) => ['The deploy of ', app(event), ' is over'],
  'post-extract': (event) => [
    'The code of ',
    app(event),
    ' was unpacked at ',
    typed((event.args[2] ?? '').slice(0, 7)),
  ],
  'pre-receive-app': (event) => [
    'The build of ',
    app(event),
    ' began with ',
    typed(event.args[1] ?? 'a builder'),
  ],
  'post-release-builder': (event) => [
    'The release of ',
    app(event),
    ' is ready as ',
    typed(event.args[2] ?? 'an image'),
  ],
  // Of a deploy it is part of its row; ps:scale deploys too, and leaves no record but this.
  'image-seen': (event) => ['The image of ', app(event), ' is ', typed((event.args[2] ?? '').slice(0, 19))],
  'post-deploy': (event) =>
    event.caller.command === 'ps:scale'
      ? by(() => ['scaled ', app(event)])(event)
      : [app(event), ' went live'],
  'deploy-source-set': (event) => ['The source of ', app(event), ' is ', typed(event.args[1] ?? 'unknown')],
  'post-create': by((event) => ['created ', app(event)]),
  'post-delete': by((event) => ['destroyed ', app(event)]),
  'post-app-rename-setup': by((event) => [
    'began to rename ',
    typed(event.args[0] ?? ''),
    ' to ',
    app(event),
  ]),
  'post-app-rename': by((event) => ['renamed ', typed(event.args[0] ?? ''), ' to ', app(event)]),
  'post-app-clone-setup': by((event) => ['cloned ', typed(event.args[0] ?? ''), ' as ', app(event)]),
  'post-config-update': config,
  'post-domains-update': domains,
  'post-certs-update': by((event) => ['put a certificate on ', app(event)]),
  'post-certs-remove': by((event) => ['removed the certificate of ', app(event)]),
  'post-proxy-ports-update': portsUpdated,
  'post-stop': by((event) => ['stopped ', app(event)]),
  'pre-start': by((event) => ['started ', app(event)]),
  'scheduler-post-run': oneOff,
  'dokkubase-set': by(({ args: [key = '', value = ''] }) =>
    value === ''
      ? ['put ', typed(key), ' of this panel back to what it is by default']
      : ['set ', typed(key), ' of this panel to ', typed(value)],
  ),
  'events-missed': ({ args: [from, to] }) => [
    `The outbox was missing for up to ${duration(Number(to) - Number(from))}: events of that time are lost, and what changed was read from Dokku`,
  ],
  'retire-container-failed': (event) => ['An old container of ', app(event), ' could not be retired'],
  ...PROCESS_SENTENCES,
  'app-seen': (event) => [app(event), ' is there'],
  'app-gone': (event) => [app(event), ' is gone'],
  'access-seen': detectedOr(
    (event) => accessSentence(event, false),
    (event) => accessSentence(event, true),
  ),
  'domains-seen': domainsSeen,
  'certificate-seen': (event) => [
    event.note === 'null' ? 'The certificate is gone from ' : 'Another certificate is on ',
    app(event),
  ],
  'formation-seen': formationSeen,
  'config-seen': configSeen,
  'detection-limited': (event) => [
    typed(event.args[1] ?? 'Something'),
    ' of ',
    app(event),
    ` was detected more than ${DETECTED_A_MINUTE} times in a minute; beyond that it is not recorded`,
  ],
  'lock-seen': detectedOr(
    (event) => [app(event), isLocked(event) ? ' is locked' : ' is no longer locked'],
    (event) => [isLocked(event) ? 'locked ' : 'unlocked ', app(event)],
  ),
})
