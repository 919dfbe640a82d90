/** Keys of config that only the server's root may set, because Dokku or what it starts would obey them. Pure. */

/**
 * Why a key is reserved: it is one of Dokku's own settings, it steers a program that Dokku starts, or it is the name of
 * a variable of Dokku's scripts, in whose scope config is evaluated.
 */
export type Reason = 'dokku' | 'program' | 'script'

/** Null: any admin may set it. */
export type Reserved = (key: string) => Reason | null

export const NOTHING_RESERVED: Reserved = () => null

/** `lines` as `gate reserved` prints them: `dokku PATTERN`, `program PATTERN` in any case of letters, `script NAME`. */
export function reservedKeys(lines: readonly string[]): Reserved {
  const of = (reason: Reason) =>
    lines.flatMap((line) => (line.startsWith(`${reason} `) ? [line.slice(reason.length + 1)] : []))
  const [dokku, programs] = [matching(of('dokku')), matching(of('program'))]
  const names = new Set(of('script'))
  return (key) => {
    if (dokku.test(key)) return 'dokku'
    if (programs.test(key)) return 'program'
    return names.has(key) ? 'script' : null
  }
}

const matching = (patterns: readonly string[]): RegExp =>
  new RegExp(
    `^(?:${patterns
      .filter((pattern) => /^[A-Z0-9_*]+$/.test(pattern))
      .map((pattern) => pattern.replaceAll('*', '.*'))
      .join('|')})$`,
    'i',
  )

/** The switch by which the server's root allows them. */
export const SWITCH = 'allow-config-keys'

const WHY: Readonly<Record<Reason, string>> = {
  dokku: 'is a setting of Dokku’s own',
  program: 'steers programs that Dokku runs on the server',
  script: 'is a variable of Dokku’s own scripts, which evaluate this config',
}

const ADVICE = `The server's root may allow such keys: sudo dokku dokkubase:set ${SWITCH} true`

export const whyReserved = (key: string, reason: Reason): string =>
  `${key} ${WHY[reason]}, so it is as good as root there. Leave it out or use another name. ${ADVICE}`

/** Of several at once; `named`: each as it is to be called. */
export const whyAllReserved = (named: readonly string[]): string =>
  `${named.join(', ')}: Dokku or programs it runs on the server would obey ${named.length === 1 ? 'this key' : 'these keys'}, so ${named.length === 1 ? 'it is' : 'they are'} as good as root there. Leave ${named.length === 1 ? 'it' : 'them'} out. ${ADVICE}`
