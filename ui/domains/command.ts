/** What can be asked about the domains of an app, and of the server. Pure. */
import * as z from 'zod'
import type { Command } from '../dokku/dokku.ts'
import { AnyDomain, AppDomain, DomainName } from '../dokku/names.ts'
import { App, appOf, SAFE, wholeApp } from '../jobs/app-kind.ts'
import { type Kind, kind } from '../jobs/kind.ts'
import { isSameName } from './domain.ts'

const MOST_AT_ONCE = 500

/** Typed one after the other or pasted: blanks, commas and lines between them, each once. */
const list = (read: (name: string, context: z.RefinementCtx) => string) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((typed) =>
      [typed].flat().flatMap((text) => text.split(/[\s,;]+/).filter((name) => name !== '')),
    )
    .pipe(
      z
        .array(z.string())
        .min(1, 'write at least one domain')
        .max(MOST_AT_ONCE, `at most ${MOST_AT_ONCE} at once`)
        .transform((names, context) => [...new Set(names.map((name) => read(name, context)))]),
    )

/** Each is what the rule takes; which is not is said in the words, for there is one field for all. */
const each = (rule: z.ZodType<string>) =>
  list((name, context) => {
    const { data, error } = rule.safeParse(name)
    for (const { message } of error?.issues ?? []) context.addIssue(`${shown(name)}: ${message}`)
    return data ?? name
  })

const shown = (name: string): string => `“${name.length > 60 ? `${name.slice(0, 60)}…` : name}”`

/** What a user typed beside the domains that Dokku has: those stay as Dokku spells them, whatever they are. */
export const typedBeside = (has: readonly string[], rule: z.ZodType<string>) =>
  each(
    z.string().transform((name, context) => {
      const known = has.find((one) => one === name) ?? has.find((one) => isSameName(one, name))
      if (known !== undefined) return known
      const { data, error } = rule.safeParse(name)
      for (const { message } of error?.issues ?? []) context.addIssue(message)
      return data ?? z.NEVER
    }),
  )

type Name = Command[0]

const ofApp = (name: Name, rule: z.ZodType<string>): Kind =>
  kind({
    name,
    payload: App.extend({ domains: each(rule) }),
    app: appOf,
    command: ({ app, domains }) => [name, app, ...domains],
    repeat: SAFE,
  })

const ofServer = (name: Name, rule: z.ZodType<string>): Kind =>
  kind({
    name,
    payload: z.object({ domains: each(rule) }),
    app: () => null,
    command: ({ domains }) => [name, ...domains],
    repeat: SAFE,
  })

export const domainKinds: readonly Kind[] = [
  ofApp('domains:add', AppDomain),
  ofApp('domains:remove', AnyDomain),
  // What is there already may stay, so what is new is checked where it is typed.
  ofApp('domains:set', AnyDomain),
  wholeApp('domains:clear', { repeat: SAFE }),
  wholeApp('domains:enable', { repeat: SAFE }),
  wholeApp('domains:disable', { repeat: SAFE }),
  ofServer('domains:add-global', DomainName),
  ofServer('domains:remove-global', AnyDomain),
  ofServer('domains:set-global', AnyDomain),
  kind({
    name: 'domains:clear-global',
    payload: z.object({}),
    app: () => null,
    command: () => ['domains:clear-global'],
    repeat: SAFE,
  }),
]
