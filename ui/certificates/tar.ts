/** A tar archive of small text files, as certs:add takes them. */
export function tar(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([file, content]) => [header(file, content), padded(content)])
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])
}

/** The files of an archive that `tar` made; null for any other. */
export function untar(archive: Buffer): Readonly<Record<string, string>> | null {
  const files: Record<string, string> = {}
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const head = archive.subarray(at, at + BLOCK)
    if (head.every((byte) => byte === 0)) break
    const name = head.toString('latin1', 0, 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(head.toString('latin1', 124, 135), 8)
    if (name === '' || !(size >= 0)) return null
    files[name] = archive.toString('utf8', at + BLOCK, at + BLOCK + size)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return tar(files).equals(archive) ? files : null
}

const BLOCK = 512

function header(file: string, content: string): Buffer {
  const block = Buffer.alloc(BLOCK)
  const put = (text: string, at: number) => block.write(text, at, 'latin1')
  put(file, 0)
  put('0000600\0', 100)
  put(`${Buffer.byteLength(content).toString(8).padStart(11, '0')}\0`, 124)
  put('        ', 148)
  put('0', 156)
  put('ustar\x0000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

function padded(content: string): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)])
}
