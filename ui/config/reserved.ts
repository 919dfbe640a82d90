/** Keys that Dokku's own programs on the server would obey: `reserved` in the gate's list, the one place for them. */

/** Whether a key is one of them; the text is that of the gate's list. */
export function reservedKeys(list: string): (key: string) => boolean {
  const patterns = list
    .split('\n')
    .flatMap((line) => /^reserved (\S+)$/.exec(line)?.[1] ?? [])
    .map((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`))
  return (key) => patterns.some((pattern) => pattern.test(key.toUpperCase()))
}

/** Its root's switch for them. */
export const SWITCH = 'allow-config-keys'

export const whyReserved = (key: string): string =>
  `${key} steers Dokku's own programs on the server, so it is as good as root there. The server's root may allow such keys: sudo dokku dokkubase:set ${SWITCH} true`
