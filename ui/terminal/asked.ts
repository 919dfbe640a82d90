import { parseArgs } from 'node:util'
import * as z from 'zod'
import type { App, AppReads } from '../apps/app.ts'
import { messageOf } from '../web/message-of.ts'
import { NO_SUCH_APP, Refusal } from './terminal.ts'

/** What `events` and `deployments` are asked for: `[app] [--follow] [--num n] [--format json]`. */
export interface Asked {
  readonly app: App | undefined
  readonly follow: boolean
  readonly num: number
  readonly json: boolean
}

const Num = z.coerce.number().int().min(1).max(10_000)

export function asked(args: readonly string[], apps: AppReads, { mayFollow = false } = {}): Asked {
  const { values, positionals } = parsed(args)
  const [name, ...more] = positionals
  if (more.length > 0) throw new Refusal(`Not understood: ${more.join(' ')}`)
  if (values.follow === true && !mayFollow) throw new Refusal('--follow is for events')
  if (values.format !== 'json' && values.format !== 'stdout')
    throw new Refusal(`--format is json or stdout, not ${values.format}`)
  const num = Num.safeParse(values.num)
  if (!num.success) throw new Refusal(`--num is a number from 1 to 10000, not ${values.num}`)
  const app = name === undefined ? undefined : apps.named(name)
  if (name !== undefined && app === undefined) throw new Refusal(`App ${name} does not exist`, NO_SUCH_APP)
  return { app, follow: values.follow === true, num: num.data, json: values.format === 'json' }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        follow: { type: 'boolean', short: 'f' },
        num: { type: 'string', short: 'n', default: '50' },
        format: { type: 'string', default: 'stdout' },
      },
    })
  } catch (error) {
    throw new Refusal(messageOf(error))
  }
}
