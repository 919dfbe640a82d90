import { chunkTable, logTable } from './store.ts'

/** How far the copy of a deployment's log has come. Not part of the replay: logs are copies of files. */
export const logs = logTable('logs', 'deployment_id')

/** The log itself. */
export const logChunks = chunkTable('log_chunks', 'deployment_id')
