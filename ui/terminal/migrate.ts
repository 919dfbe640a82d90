import { schemaOf } from '../database/received.ts'
import { Refusal, type Verb } from './terminal.ts'

/** `migrate`: brings the database to this version's schema, or makes it. */
export const migrate: Verb = ({ open, print }, args) => {
  if (args.length > 0) throw new Refusal(`Not understood: ${args.join(' ')}`)
  print(`schema ${schemaOf(open().$client)}\n`)
}
