/** What is known of single names, each with its reason; `derive.ts` finds the others. */

/** Bash sets these itself at each use: what config says of them is lost, or refused as read-only. */
export const BY_BASH: ReadonlySet<string> = new Set([
  'BASHPID',
  'BASH_ARGC',
  'BASH_ARGV',
  'BASH_LINENO',
  'BASH_REMATCH',
  'BASH_SOURCE',
  'BASH_SUBSHELL',
  'BASH_VERSINFO',
  'BASH_VERSION',
  'DIRSTACK',
  'EPOCHREALTIME',
  'EPOCHSECONDS',
  'EUID',
  'FUNCNAME',
  'GROUPS',
  'LINENO',
  'PIPESTATUS',
  'PPID',
  'RANDOM',
  'SECONDS',
  'SRANDOM',
  'UID',
])

/**
 * Keys that apps often have, and the functions of Dokku 0.38 in which config may say what they hold without harm. In
 * any other function such a name counts as any.
 */
export const SAFE: ReadonlyMap<string, { readonly in: readonly string[]; readonly why: string }> = new Map([
  [
    'ACTION',
    { in: ['trigger-nginx-vhosts-post-proxy-ports-update'], why: 'read before config is evaluated' },
  ],
  [
    'BUILDPACK_URL',
    {
      in: ['trigger-builder-pack-builder-build'],
      why: 'documented: the image of a builder, as one word of an array',
    },
  ],
  ['IMAGE_TAG', { in: ['nginx_build_config'], why: 'read before config is evaluated' }],
  ['SCHEME', { in: ['nginx_build_config'], why: 'only printed' }],
  [
    'TERM',
    { in: ['fn-help-fancy-tput', 'fn-help-fancy-color'], why: 'only the colors of help, by dokku-redirect' },
  ],
  ['host', { in: ['fn-nginx-vhosts-render-template'], why: 'set by each loop that reads it' }],
])

const PERL = ['PERL5DB', 'PERL5LIB', 'PERL5OPT', 'PERLLIB']

/** Variables by which an interpreter runs other code first: only where a script of a plugin is written for it. */
export const INTERPRETERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['node', ['NODE_OPTIONS', 'NODE_PATH']],
  ['perl', PERL],
  ['php', ['PHPRC', 'PHP_INI_SCAN_DIR']],
  [
    'python',
    [
      'PYTHONBREAKPOINT',
      'PYTHONHOME',
      'PYTHONINSPECT',
      'PYTHONPATH',
      'PYTHONPLATLIBDIR',
      'PYTHONUSERBASE',
      'PYTHONWARNINGS',
    ],
  ],
  ['ruby', ['BUNDLE_GEMFILE', 'GEM_HOME', 'GEM_PATH', 'RUBYLIB', 'RUBYOPT']],
])
