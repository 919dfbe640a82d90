/** An archive somebody uploads: what kind it is, by its first bytes. It is never unpacked here. */

/** As Dokku calls them. */
export const ARCHIVES = ['tar', 'tar.gz', 'zip'] as const
export type ArchiveType = (typeof ARCHIVES)[number]

/** By its first 512 bytes; null for what is none of them, whatever its name says. */
export function archiveTypeOf(head: Buffer): ArchiveType | null {
  if (head.subarray(0, 2).equals(GZIP)) return 'tar.gz'
  if (head.subarray(0, 4).equals(ZIP)) return 'zip'
  return head.subarray(257, 262).toString('latin1') === 'ustar' ? 'tar' : null
}

const GZIP = Buffer.from([0x1f, 0x8b])
const ZIP = Buffer.from('PK\u0003\u0004', 'latin1')
