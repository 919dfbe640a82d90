/** `/` search, `g a` apps, `j` `k` through a list, `?` help. Esc is the browser's own for dialogs and menus. */
import { lookup } from '../lookup.ts'

const PLACES = lookup<string>({
  o: '/',
  a: '/apps',
  d: '/deployments',
  e: '/events',
})

let going = 0

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
  const place = performance.now() - going < 1200 ? PLACES.get(event.key) : undefined
  going = 0
  if (place !== undefined) location.assign(place)
  else if (event.key === 'g') going = performance.now()
  else if (event.key === '/') focusSearch()
  else if (event.key === '?') openShortcuts()
  else if (event.key === 'j') step(1)
  else if (event.key === 'k') step(-1)
  else return
  event.preventDefault()
})

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))

const focusSearch = (): void => {
  const fields = [...document.querySelectorAll<HTMLInputElement>('input[type=search]')]
  const field = fields.find((one) => one.checkVisibility())
  if (field === undefined) location.assign('/search')
  else field.select()
}

const openShortcuts = (): void => {
  const dialog = document.getElementById('shortcuts')
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal()
}

const step = (by: number): void => {
  const links = [...document.querySelectorAll<HTMLElement>('main .row-link')].filter((link) =>
    link.checkVisibility(),
  )
  const here = links.indexOf(
    document.activeElement instanceof HTMLElement ? document.activeElement : document.body,
  )
  const next = links[here === -1 ? (by > 0 ? 0 : links.length - 1) : here + by]
  next?.focus()
  next?.closest('.row')?.scrollIntoView({ block: 'nearest' })
}
