/** JSON as Go writes it: no spaces, and `<`, `>`, `&` as escapes. */
export const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** godotenv's way of writing a value: whole numbers bare, the rest quoted and escaped. */
export function dotenvLine(key: string, value: string): string {
  if (/^[+-]?\d+$/.test(value)) return `${key}=${Number(value)}`
  const escaped = value.replace(/[\\"!$`]/g, (char) => `\\${char}`)
  return `${key}="${escaped.replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`
}

/** A .env file's pairs: `export` allowed, quotes taken off, comments left out. */
export function parseDotenv(text: string): Record<string, string> {
  const pairs: Record<string, string> = {}
  const pattern = /^\s*(?:export\s+)?([\w.-]+)\s*[=:]\s*("(?:\\.|[^"\\])*"|'[^']*'|[^\n#]*)/gms
  for (const [, key = '', raw = ''] of text.matchAll(pattern)) pairs[key] = unquoted(raw.trim())
  return pairs
}

function unquoted(raw: string): string {
  if (raw.startsWith("'")) return raw.slice(1, -1)
  if (!raw.startsWith('"')) return raw
  return raw.slice(1, -1).replace(/\\(.)/gs, (_, char: string) => ({ n: '\n', r: '\r' })[char] ?? char)
}
