/** The first file of dist/: node starts this, and this the service, which node then need not compile anew each time. */
import './require-node.ts'
import { statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'

const { DOKKUBASE_DATA: data } = process.env
// What was compiled is run as it lies there, so nobody but the folder's owner makes use of it.
if (data && statSync(data, { throwIfNoEntry: false })?.uid === process.geteuid?.())
  enableCompileCache(`${data}/compiled`)
await import(new URL('service.js', import.meta.url).href)
