/**
 * Forms that set values (`data-warns-unsaved`): one whose values differ from what the page came with says so
 * (`data-unsaved`), and leaving the page is confirmed first.
 */

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** What was submitted and did not come back with the page yet. */
const submitted = new WeakMap<Control, string>()

const forms = (): HTMLFormElement[] => [
  ...document.querySelectorAll<HTMLFormElement>('form[data-warns-unsaved]'),
]

const controlsOf = (form: HTMLFormElement): Control[] =>
  [...form.elements].filter(
    (element): element is Control =>
      element instanceof HTMLInputElement ||
      element instanceof HTMLSelectElement ||
      element instanceof HTMLTextAreaElement,
  )

const isTick = (control: Control): control is HTMLInputElement =>
  control instanceof HTMLInputElement && (control.type === 'checkbox' || control.type === 'radio')

const currentOf = (control: Control): string => (isTick(control) ? String(control.checked) : control.value)

const defaultOf = (control: Control): string => {
  if (isTick(control)) return String(control.defaultChecked)
  if (!(control instanceof HTMLSelectElement)) return control.defaultValue
  const chosen = [...control.options].find(({ defaultSelected }) => defaultSelected)
  return (chosen ?? control.options[0])?.value ?? ''
}

const isUnsaved = (control: Control): boolean => {
  const value = currentOf(control)
  return value !== defaultOf(control) && value !== submitted.get(control)
}

const update = (form: HTMLFormElement): void => {
  const unsaved = controlsOf(form).some(isUnsaved)
  form.toggleAttribute('data-unsaved', unsaved)
  // A live page leaves it alone until its values are those of the page again.
  form.toggleAttribute('hx-morph-skip', unsaved)
}

const updateFormOf = ({ target }: Event): void => {
  if (!(target instanceof Element)) return
  const form = target.closest<HTMLFormElement>('form[data-warns-unsaved]')
  if (form !== null) update(form)
}

document.addEventListener('input', updateFormOf)
document.addEventListener('change', updateFormOf)

document.addEventListener('asked', (event) => {
  if (!(event.target instanceof HTMLFormElement)) return
  for (const control of controlsOf(event.target)) submitted.set(control, currentOf(control))
  updateFormOf(event)
})

/** What was submitted is what the page has: from here on it may be changed elsewhere. */
document.addEventListener('htmx:after:swap', () => {
  for (const form of forms()) {
    for (const control of controlsOf(form))
      if (submitted.get(control) === defaultOf(control)) submitted.delete(control)
    update(form)
  }
})

/** Browsers fill a form with what was typed when one comes back to it. */
window.addEventListener('pageshow', () => forms().forEach(update))

/** Leaving by a form's own "Cancel" is an answer already. */
document.addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest('[data-close-dialog]') !== null)
    target.closest<HTMLFormElement>('form[data-warns-unsaved]')?.reset()
})

window.addEventListener('beforeunload', (event) => {
  if (forms().some((form) => controlsOf(form).some(isUnsaved))) event.preventDefault()
})
