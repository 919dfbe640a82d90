/** What sentences about events are made of. Pure. */
import type { Outcome } from '../deployments/deployment.ts'
import type { RecordedEvent } from './event.ts'

/** A piece of a sentence: words, or a name that is shown as it is typed. */
export type Piece = string | { readonly app: string } | { readonly typed: string } | { readonly who: string }

/** An event with what its sentence needs to know. */
export type Sayable = Pick<
  RecordedEvent,
  'trigger' | 'args' | 'origin' | 'note' | 'buildSource' | 'caller'
> & {
  readonly actor: string
  readonly app: string | null
  /** Not empty where a deploy begins with it. */
  readonly begins?: string
  /** How the deploy went that it began; left out where that is not known. */
  readonly outcome?: Outcome | undefined
}

export type Say = (event: Sayable) => readonly Piece[]

export const app = ({ app }: Sayable): Piece => (app === null ? 'the server' : { app })
export const typed = (name: string): Piece => ({ typed: name })

/** Who did it. Nobody known: the sentence is turned round by its caller's second form. */
export const by =
  (active: (event: Sayable) => readonly Piece[]): Say =>
  (event) => [
    { who: event.actor === 'unknown' || event.actor === '' ? 'Somebody' : event.actor },
    ' ',
    ...active(event),
  ]

/** A change that was detected, as what it is now; where it is known who made it, as what they did. */
export const detectedOr = (noticed: Say, done: Say): Say => {
  const active = by(done)
  return (event) => (event.caller.command === '' ? noticed : active)(event)
}
/** "a", "a and b", "a, b and 3 more". */
export const list = (names: readonly string[], one: string): readonly Piece[] => {
  const [first, second] = names
  if (first === undefined) return [`no ${one}`]
  if (second === undefined) return [typed(first)]
  if (names.length === 2) return [typed(first), ' and ', typed(second)]
  return [typed(first), ', ', typed(second), ` and ${names.length - 2} more`]
}

/** "2 web, 1 worker" of web=2 worker=1. */
export const formation = (entries: readonly string[]): string =>
  entries
    .map((entry) => entry.split('='))
    .map(([type = '', quantity = '']) => `${quantity} ${type}`)
    .join(', ')
