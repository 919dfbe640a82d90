/** What kinds of jobs that are about one app have in common, as most are. */
import * as z from 'zod'
import type { Command } from '../dokku/dokku.ts'
import { AppName } from '../dokku/names.ts'
import { type Kind, type KindOptions, kind, type Repeat } from './kind.ts'

export const App = z.object({ app: AppName })
type App = z.infer<typeof App>

export const appOf = ({ app }: App): string => app

/** Doing it twice is what doing it once is: run again when somebody says so, never by itself. */
export const SAFE: Repeat = { times: 1, backoffMs: 0 }

/** A value that is the last word of a command; without one the property is Dokku's own again. */
export const given = (value: string): readonly string[] => (value === '' ? [] : [value])

/** A command that needs the app's name and nothing else. */
export const wholeApp = (
  name: Command[0],
  more: Omit<KindOptions<App>, 'name' | 'payload' | 'app' | 'command'> = {},
): Kind => kind({ name, payload: App, app: appOf, command: ({ app }) => [name, app], ...more })
