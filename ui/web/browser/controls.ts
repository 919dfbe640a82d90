/** Menus that close, copy buttons, dialogs that open, filters that apply themselves. */

const closest = (target: EventTarget | null, selector: string): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>(selector) : null

const closeMenus = (but: Element | null): void => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')) {
    if (menu !== but) menu.open = false
  }
}

document.addEventListener('click', (event) => {
  closeMenus(closest(event.target, '[data-menu]'))
  const copied = closest(event.target, '[data-copy]')
  if (copied !== null) void copy(copied)
  const opener = closest(event.target, '[data-open-dialog]')
  const dialog = document.getElementById(opener?.dataset.openDialog ?? '')
  if (dialog instanceof HTMLDialogElement) {
    closeMenus(null)
    if (opener !== null && !opensByItself(opener)) dialog.showModal()
  }
})

/** By its `commandfor`, where the browser knows that. */
const opensByItself = (opener: HTMLElement): boolean =>
  'commandForElement' in opener && opener.hasAttribute('commandfor')

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  const menu = closest(event.target, '[data-menu]')
  closeMenus(null)
  menu?.querySelector<HTMLElement>('summary')?.focus()
})

document.addEventListener('change', (event) => {
  const form = closest(event.target, 'form[data-applies]')
  if (form instanceof HTMLFormElement) form.requestSubmit()
})

/** An empty filter does not belong in an address somebody sends on. */
document.addEventListener('formdata', (event) => {
  if (event.target instanceof HTMLFormElement && event.target.method === 'get') {
    for (const [name, value] of [...event.formData]) if (value === '') event.formData.delete(name)
  }
})

const copy = async (button: HTMLElement): Promise<void> => {
  const text = button.dataset.copy ?? ''
  const done = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  )
  button.dataset.copied = done ? 'yes' : 'no'
  window.setTimeout(() => delete button.dataset.copied, 1500)
}
