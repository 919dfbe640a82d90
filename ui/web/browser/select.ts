/** Several apps picked in a list: how many, all or none, and what would run of them. */

const boxes = (): HTMLInputElement[] => [
  ...document.querySelectorAll<HTMLInputElement>('input[data-selects]'),
]

document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLInputElement && target.hasAttribute('data-selects')) tell()
})

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-select-all]') : null
  if (button === null) return
  const all = boxes()
  const some = all.some(({ checked }) => !checked)
  for (const box of all) box.checked = some
  tell()
})

/** What was asked for is picked no more; the next thing is another's. */
document.addEventListener('asked', ({ target }) => {
  if (!(target instanceof HTMLFormElement) || target.id !== 'selected') return
  for (const dialog of target.querySelectorAll('dialog')) dialog.close()
  for (const box of boxes()) box.checked = false
  tell()
})

document.addEventListener('htmx:after:swap', tell)
tell()

function tell(): void {
  const form = document.getElementById('selected')
  if (form === null) return
  const names = boxes().flatMap(({ checked, value }) => (checked ? value : []))
  const said = form.querySelector('[data-selected]')
  if (said !== null) said.textContent = `${names.length} selected`
  for (const part of form.querySelectorAll<HTMLElement>('[data-needs-selected]'))
    part.toggleAttribute('disabled', names.length === 0)
  const all = form.querySelector<HTMLElement>('[data-select-all]')
  if (all !== null) {
    all.hidden = false
    all.textContent = names.length > 0 && names.length === boxes().length ? 'None' : 'All'
  }
  for (const place of form.querySelectorAll<HTMLElement>('[data-selected-command]')) {
    const lines = names.map((name) => `dokku ${place.dataset.selectedCommand ?? ''} ${name}`)
    place.textContent =
      lines.length === 0 ? `dokku ${place.dataset.selectedCommand ?? ''} APP` : lines.join('\n')
    const copy = place.nextElementSibling
    if (copy instanceof HTMLElement) copy.dataset.copy = place.textContent
  }
}
