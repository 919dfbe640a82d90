/**
 * Takes the credentials out of the addresses in a line of a build log: Dokku and git print the address they
 * fetch from as it was given, and a stored log is read by more people than a terminal.
 */
export function withoutCredentials(line: Buffer): Buffer {
  if (!line.includes('://') || !line.includes('@')) return line
  const text = line.toString('latin1')
  const masked = text.replace(WEB, '$1***@').replace(PASSWORD, '$1***@')
  return masked === text ? line : Buffer.from(masked, 'latin1')
}

/** On the web the name alone may be the token: https://ghp_x@example.com/. */
const WEB = /\b(https?:\/\/)[^\s/?#'"<>]*@/gi
/** Elsewhere the name is no secret: postgres://shop:***@db/shop, ssh://git@example.com/. */
const PASSWORD = /\b([a-z][a-z\d+.-]{0,30}:\/\/[^\s/?#:@'"<>]*:)[^\s/?#'"<>]*@/gi
