/** A tar archive of small text files, as certs:add takes them. */
export function tar(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([file, content]) => [header(file, content), padded(content)])
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

function header(file: string, content: string): Buffer {
  const block = Buffer.alloc(512)
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
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}
