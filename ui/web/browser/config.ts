/** Config: forms in a dialog, and values that are hidden again. */
const dialog = (): HTMLDialogElement | null => {
  const found = document.getElementById('config-dialog')
  return found instanceof HTMLDialogElement ? found : null
}

const opens = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches('[data-config-dialog]')

document.addEventListener('htmx:after:swap', ({ target }) => {
  if (opens(target)) dialog()?.showModal()
  watchRevealed()
})

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element)) return
  if (event.target.closest('dialog a[data-close-dialog]')) event.preventDefault()
  const revealed = event.target.closest('[data-hide]')?.closest('.revealed')
  if (revealed) hide(revealed)
})

/** What was typed is in no page that is left open. */
document.addEventListener(
  'close',
  ({ target }) => {
    if (target instanceof HTMLDialogElement && target === dialog()) target.replaceChildren()
  },
  true,
)

const watched = new WeakSet<Element>()

function watchRevealed(): void {
  for (const one of document.querySelectorAll<HTMLElement>('.revealed')) {
    if (watched.has(one)) continue
    watched.add(one)
    for (const other of document.querySelectorAll('.revealed')) if (other !== one) hide(other)
    window.setTimeout(() => hide(one), Number(one.dataset.hidesAfter))
  }
}

function hide(revealed: Element): void {
  if (!revealed.isConnected) return
  if (revealed.tagName === 'DL') revealed.remove()
  else revealed.replaceWith(mask())
}

function mask(): HTMLElement {
  const hidden = document.createElement('span')
  hidden.className = 'mask'
  hidden.role = 'img'
  hidden.ariaLabel = 'hidden'
  hidden.textContent = '••••••••'
  return hidden
}

/** Whoever comes back to the page by the browser's own memory finds nothing shown. */
window.addEventListener('pagehide', () => {
  for (const one of document.querySelectorAll('.revealed')) hide(one)
  dialog()?.close()
})
