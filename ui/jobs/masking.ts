/** Shorter ones stand in too many words that are none. */
const SHORTEST = 4

/** Takes these out of a line, also where one spans several. */
export function masking(secrets: readonly string[]): (line: Buffer) => Buffer {
  const parts = [...new Set(secrets.flatMap((secret) => secret.split(/\r?\n/)))]
    .filter((part) => part.length >= SHORTEST)
    .sort((one, other) => other.length - one.length)
    .map((part) => Buffer.from(part))
  return (line) => {
    if (!parts.some((part) => line.includes(part))) return line
    let text = line.toString('latin1')
    for (const part of parts) text = text.replaceAll(part.toString('latin1'), '***')
    return Buffer.from(text, 'latin1')
  }
}
