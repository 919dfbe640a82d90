/** Files of a tar archive by name; null where the bytes are none. */
export function readTar(bytes: Buffer): Map<string, Buffer> | null {
  const files = new Map<string, Buffer>()
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) break
    if (header.subarray(257, 262).toString() !== 'ustar') return null
    const size = Number.parseInt(text(header, 124, 12).trim(), 8) || 0
    const type = String.fromCharCode(header[156] ?? 0)
    const name = [text(header, 345, 155), text(header, 0, 100)].filter((part) => part !== '').join('/')
    if (type === '0' || type === '\0')
      files.set(name.replace(/^\.\//, ''), bytes.subarray(at + BLOCK, at + BLOCK + size))
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return files.size > 0 ? files : null
}

const BLOCK = 512

function text(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length)
  const end = field.indexOf(0)
  return field.subarray(0, end === -1 ? length : end).toString()
}
