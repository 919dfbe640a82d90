/** What changed between an app and its visitors, as sentences. Pure. */

type Pieces = readonly (string | { readonly app: string })[]
interface Change {
  /** App, plugin and its state. */
  readonly args: readonly string[]
}

/** By plugin and state: what was noticed, and what somebody did who is known. */
const SENTENCES = new Map<string, readonly [noticed: string, done: string]>([
  ['maintenance on', ['% is in maintenance', 'put % into maintenance']],
  ['maintenance off', ['% is out of maintenance', 'took % out of maintenance']],
  ['http-auth asks', ['Visitors of % are asked for a password', 'protected % with a password']],
  ['http-auth addresses', ['Only listed addresses reach %', 'let only listed addresses reach %']],
  [
    'http-auth off',
    ['Visitors of % are not asked for a password any more', 'removed the password protection of %'],
  ],
  [
    'http-auth closed',
    [
      'The password protection of % has no user: no visitor gets in',
      'protected % with a password, without a user: no visitor gets in',
    ],
  ],
  [
    'http-auth open',
    [
      'The password protection of % has no user: everyone gets in',
      'enabled the password protection of % without a user: everyone gets in',
    ],
  ],
])
const REDIRECTS = ['The redirects of % changed', 'changed the redirects of %'] as const

/** `isDone`: with who did it in front. */
export function accessSentence(
  { args: [app = '', plugin = '', state = ''] }: Change,
  isDone: boolean,
): Pieces {
  const [noticed, done] = SENTENCES.get(`${plugin} ${state}`) ?? REDIRECTS
  const [before = '', after = ''] = (isDone ? done : noticed).split('%')
  return [before, { app }, after].filter((piece) => piece !== '')
}
