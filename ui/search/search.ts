/** What a person looks for and what fits it. Pure. */
import { TAB_NAMES, TABS, tabHref } from '../web/app-page.ts'
import { PLACES } from '../web/navigation.ts'
import { MOST_TYPED } from '../web/topbar.ts'

export const KINDS = ['app', 'page', 'domain', 'deployment'] as const
export type HitKind = (typeof KINDS)[number]

export interface Hit {
  readonly kind: HitKind
  /** Name of the app, of the page or the domain. */
  readonly name: string
  /** What tells it from others of that name. */
  readonly detail: string
  readonly href: string
  /** It is what was typed, and not only like it. */
  readonly isExact: boolean
}

/** What was typed, read in every way it can be meant. */
export interface Wanted {
  /** In small letters, blanks folded; empty: nothing was typed. */
  readonly text: string
  /** "shop #14", "#14", "14"; null: no number of a deployment. */
  readonly number: { readonly app: string | null; readonly number: number } | null
  /** The beginning of a commit's hash; null: it cannot be one. */
  readonly revision: string | null
  /** Words in the subject of a commit; null: too short for that. */
  readonly subject: string | null
}

export function wantedOf(typed: string): Wanted {
  const text = typed
    .slice(0, 2 * MOST_TYPED)
    .trim()
    .replace(/\s+/g, ' ')
    .toLowerCase()
    .slice(0, MOST_TYPED)
  const [, app = null, digits] = /^(?:(\S+) )?#?(\d{1,9})$/.exec(text) ?? []
  return {
    text,
    number: digits === undefined ? null : { app, number: Number(digits) },
    revision: /^[0-9a-f]{4,40}$/.test(text) ? text : null,
    subject: text.length < 3 ? null : text,
  }
}

/** Pages of the panel by their names, and those of an app: "shop logs". */
export function pagesFor({ text }: Wanted, isApp: (name: string) => boolean): readonly Hit[] {
  if (text === '') return []
  const own = PLACES.filter(({ name }) => isWordIn(text, name)).map(
    ({ name, href }): Hit => ({
      ...{ kind: 'page', name, detail: '', href },
      isExact: name.toLowerCase() === text,
    }),
  )
  return [...own, ...tabsFor(text, isApp)]
}

function tabsFor(text: string, isApp: (name: string) => boolean): readonly Hit[] {
  const [app = '', tab = '', ...rest] = text.split(' ')
  if (tab === '' || rest.length > 0 || !isApp(app)) return []
  return TABS.filter((each) => TAB_NAMES[each].toLowerCase().startsWith(tab)).map((each) => ({
    ...{ kind: 'page', name: app, detail: TAB_NAMES[each], href: tabHref(app, each) },
    isExact: TAB_NAMES[each].toLowerCase() === tab,
  }))
}

const isWordIn = (text: string, name: string): boolean =>
  name.toLowerCase().startsWith(text) ||
  name
    .toLowerCase()
    .split(' ')
    .some((word) => word.startsWith(text))

/** Where Enter leads at once: the one that is what was typed, or the only one that is like it. */
export function onlyOf(hits: readonly Hit[]): Hit | undefined {
  const exact = hits.filter(({ isExact }) => isExact)
  if (exact.length === 1) return exact[0]
  return exact.length === 0 && hits.length === 1 ? hits[0] : undefined
}
