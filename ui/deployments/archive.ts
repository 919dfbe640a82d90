/** An archive a user uploads: what kind it is, by its first bytes. It is never unpacked here. */

/** As Dokku calls them. */
export const ARCHIVES = ['tar', 'tar.gz', 'zip'] as const
export type ArchiveType = (typeof ARCHIVES)[number]

/** By its first 512 bytes; null for what is none of them, whatever its name says. */
export function archiveTypeOf(head: Buffer): ArchiveType | null {
  if (head.subarray(0, 2).equals(GZIP)) return 'tar.gz'
  if (head.subarray(0, 4).equals(ZIP)) return 'zip'
  return isTar(head) ? 'tar' : null
}

const HEADER_BYTES = 512

/** Of the oldest kind there is no magic number, only the sum of its first header, its own place counted as blanks. */
function isTar(head: Buffer): boolean {
  if (head.subarray(257, 262).toString('latin1') === 'ustar') return true
  if (head.length < HEADER_BYTES || head[0] === 0) return false
  const told = /^ *([0-7]{1,7})[\0 ]/.exec(head.toString('latin1', 148, 156))?.[1]
  const sum = head
    .subarray(0, HEADER_BYTES)
    .reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  return told !== undefined && Number.parseInt(told, 8) === sum
}

const GZIP = Buffer.from([0x1f, 0x8b])
const ZIP = Buffer.from('PK\u0003\u0004', 'latin1')
