/** What can be asked about the domains of an app, and of the server. Pure. */
import * as z from 'zod'
import type { Command } from '../dokku/dokku.ts'
import { DomainName } from '../dokku/names.ts'
import { App, appOf, SAFE, wholeApp } from '../jobs/app-kind.ts'
import { type Kind, kind } from '../jobs/kind.ts'

const MOST_AT_ONCE = 50

/** Typed one after the other or pasted: blanks, commas and lines between them, each once. */
export const Domains = z
  .union([z.string(), z.array(z.string())])
  .transform((typed) => [typed].flat().flatMap((text) => text.split(/[\s,;]+/).filter((name) => name !== '')))
  .pipe(
    z
      .array(z.string())
      .min(1, 'write at least one domain')
      .max(MOST_AT_ONCE, `at most ${MOST_AT_ONCE} at once`)
      .transform((names, context) => [...new Set(names.map((name) => checked(name, context)))]),
  )

/** Which of them is wrong is said in the words: there is one field for all. */
function checked(name: string, context: z.RefinementCtx): string {
  const { data, error } = DomainName.safeParse(name)
  for (const { message } of error?.issues ?? []) context.addIssue(`${shown(name)}: ${message}`)
  return data ?? name
}

const shown = (name: string): string => `“${name.length > 60 ? `${name.slice(0, 60)}…` : name}”`

const OfApp = App.extend({ domains: Domains })
const OfServer = z.object({ domains: Domains })

type Name = Command[0]

const ofApp = (name: Name): Kind =>
  kind({
    name,
    payload: OfApp,
    app: appOf,
    command: ({ app, domains }) => [name, app, ...domains],
    repeat: SAFE,
  })

const ofServer = (name: Name): Kind =>
  kind({
    name,
    payload: OfServer,
    app: () => null,
    command: ({ domains }) => [name, ...domains],
    repeat: SAFE,
  })

export const domainKinds: readonly Kind[] = [
  ofApp('domains:add'),
  ofApp('domains:remove'),
  ofApp('domains:set'),
  wholeApp('domains:clear', { repeat: SAFE }),
  wholeApp('domains:enable', { repeat: SAFE }),
  wholeApp('domains:disable', { repeat: SAFE }),
  ofServer('domains:add-global'),
  ofServer('domains:remove-global'),
  ofServer('domains:set-global'),
  kind({
    name: 'domains:clear-global',
    payload: z.object({}),
    app: () => null,
    command: () => ['domains:clear-global'],
    repeat: SAFE,
  }),
]
