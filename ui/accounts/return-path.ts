/** Where a person goes back to after signing in: a page of this panel, whatever the address asked for. */

const HERE = 'http://panel.invalid'
/** No pages to come back to: the way in itself, and what only a page asks for. */
const NOT_PAGES =
  /^\/(sign-in|sign-out|setup|live|healthz|assets)(\/|$)|\/(logs?|output)\/(lines|stream)$|^\/jobs\/\d+\/card$|^\/search\/suggestions$/

export function returnPath(wanted: string | undefined): string {
  if (wanted === undefined || !wanted.startsWith('/') || !URL.canParse(wanted, HERE)) return '/'
  const url = new URL(wanted, HERE)
  // The parser drops tabs and resolves dots, so "/\t/evil.example" and "/.//evil.example" show themselves here.
  if (url.origin !== HERE || url.pathname.startsWith('//') || NOT_PAGES.test(url.pathname)) return '/'
  return url.pathname + url.search
}

/** `/sign-in`, and back to `wanted` afterwards. */
export function signInPath(wanted: string | undefined): string {
  const back = returnPath(wanted)
  return back === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(back)}`
}
