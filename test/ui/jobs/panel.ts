/** A panel's jobs in a process of their own, to be killed: `panel.ts FOLDER`. */
import { join } from 'node:path'
import { databaseOf, openJobs } from './stage.ts'

const [folder = ''] = process.argv.slice(2)
const place = { folder, lib: join(folder, 'lib'), dokku: join(folder, 'dokku') }
await openJobs(place, databaseOf(place)).start()
process.stdout.write('ready\n')
