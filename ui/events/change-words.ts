/** What a comparison found to be different, as sentences: from what to what, where that is known. Pure. */
import * as z from 'zod'
import { app, by, detectedOr, formation, list, type Piece, type Say, type Sayable, typed } from './phrases.ts'

const Note = z.object({ before: z.array(z.string()).optional() })

/** What it was before; undefined: not known, or it was never read. */
function beforeOf({ note }: Pick<Sayable, 'note'>): readonly string[] | undefined {
  try {
    return Note.safeParse(JSON.parse(note)).data?.before
  } catch {
    return undefined
  }
}

const afterOf = ({ args }: Sayable): readonly string[] => args.slice(1)

const quantities = (entries: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    entries.map((entry) => {
      const [type = '', quantity = ''] = entry.split('=')
      return [type, quantity] as const
    }),
  )

/** "web from 1 to 2, worker to 1" */
function scaled(before: readonly string[], after: readonly string[]): string {
  const [was, is] = [quantities(before), quantities(after)]
  const changes = [...new Set([...is.keys(), ...was.keys()])].flatMap((type) => {
    const [from, to] = [was.get(type), is.get(type)]
    if (from === to) return []
    if (to === undefined) return [`no ${type} any more`]
    return [from === undefined ? `${type} to ${to}` : `${type} from ${from} to ${to}`]
  })
  return changes.join(', ')
}

/** What was scaled; empty: what it was before is not known. */
const scaling = (event: Sayable): string => {
  const before = beforeOf(event) ?? []
  return before.length === 0 ? '' : scaled(before, afterOf(event))
}

const scaledTo = (event: Sayable): string => formation(afterOf(event)) || 'nothing'

export const formationSeen: Say = detectedOr(
  (event) => {
    const change = scaling(event)
    return [app(event), ...(change === '' ? [' is scaled to ', scaledTo(event)] : [` was scaled: ${change}`])]
  },
  (event) => {
    const change = scaling(event)
    return ['scaled ', app(event), ...(change === '' ? [' to ', scaledTo(event)] : [`: ${change}`])]
  },
)

/** "a and b were added, c was removed"; null: what it was before is not known. */
function difference(event: Sayable, one: string): readonly Piece[] | null {
  const before = beforeOf(event)
  if (before === undefined) return null
  const after = afterOf(event)
  const added = after.filter((name) => !before.includes(name))
  const removed = before.filter((name) => !after.includes(name))
  const part = (names: readonly string[], done: string): readonly Piece[] =>
    names.length === 0 ? [] : [...list(names, one), names.length === 1 ? ` was ${done}` : ` were ${done}`]
  const both = added.length > 0 && removed.length > 0 ? [', '] : []
  const pieces = [...part(added, 'added'), ...both, ...part(removed, 'removed')]
  return pieces.length === 0 ? null : pieces
}

export const domainsSeen: Say = (event) => {
  const change = difference(event, 'domain')
  if (change !== null) return ['The domains of ', app(event), ' changed: ', ...change]
  const names = afterOf(event)
  return [
    'The domains of ',
    app(event),
    ' are now ',
    ...(names.length > 0 ? list(names, 'domain') : ['none']),
  ]
}

export const configSeen: Say = (event) => {
  const change = difference(event, 'config key')
  return change === null
    ? ['The config keys of ', app(event), ' are now ', ...list(afterOf(event), 'config key')]
    : ['The config keys of ', app(event), ' changed: ', ...change]
}

/** The note has all mappings there are after it, as the hook read them: `http:80:5000`, separated by spaces. */
export const portsUpdated: Say = by((event) => {
  const mappings = event.note.split(' ').filter((mapping) => mapping !== '')
  const of = app(event)
  if (event.args[1] === 'clear') return ['removed the port mappings of ', of]
  if (mappings.length === 0) return ['changed the port mappings of ', of]
  const shown = mappings.slice(0, MAPPINGS_SHOWN)
  const more = mappings.length - shown.length
  return [
    'set the port mappings of ',
    of,
    ' to ',
    ...shown.flatMap((mapping, at) => (at === 0 ? [typed(mapping)] : [', ', typed(mapping)])),
    ...(more > 0 ? [` and ${more} more`] : []),
  ]
})

const MAPPINGS_SHOWN = 6
