/** Forms that have something done: busy while they are sent, told in their own place what was wrong, closed when it is asked. */

import { linesOf, tellProblems } from './problems.ts'

const formOf = (target: EventTarget | null): HTMLFormElement | null =>
  target instanceof HTMLFormElement && target.hasAttribute('data-action') ? target : null

const busy = (form: HTMLFormElement, is: boolean): void => {
  form.toggleAttribute('aria-busy', is)
  for (const button of form.querySelectorAll<HTMLButtonElement>('button:not([type])')) button.disabled = is
}

document.addEventListener('htmx:before:request', ({ target }) => {
  const form = formOf(target)
  if (form !== null) busy(form, true)
})

document.addEventListener('htmx:finally:request', ({ target }) => {
  const form = formOf(target)
  if (form !== null) busy(form, false)
})

document.addEventListener('htmx:after:request', ({ target, detail }) => {
  const form = formOf(target)
  if (form === null) return
  const { response, text } = detail.ctx
  const status = response?.status ?? 0
  if (status >= 200 && status < 300) {
    say(form, '')
    form.closest('dialog')?.close()
    form.dispatchEvent(new CustomEvent('asked', { bubbles: true }))
  } else say(form, wrong(text ?? ''))
})

document.addEventListener('htmx:error', ({ target }) => {
  const form = formOf(target)
  if (form !== null) say(form, 'The panel could not be reached. Nothing was asked; try again.')
})

document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element)) return
  target.closest('[data-close-dialog]')?.closest('dialog')?.close()
  const dismissed = target.closest<HTMLElement>('[data-dismiss]')?.dataset.dismiss
  if (dismissed) document.querySelector(dismissed)?.remove()
})

/** Requested once more while it is open, a job is the same one: its newest card takes the place of the others. */
document.addEventListener('htmx:after:swap', () => {
  const shown = new Set<string>()
  for (const card of document.querySelectorAll('#asked > [id]')) {
    if (shown.has(card.id)) card.remove()
    shown.add(card.id)
  }
})

/** Beside the field or in the dialog; a button without either says it in the corner. */
function say(form: HTMLFormElement, told: unknown): void {
  tellProblems(form, told)
  const lines = linesOf(told)
  if (form.querySelector('.form-error') === null && lines.length > 0) corner(lines.join('. '))
}

function corner(words: string): void {
  const note = document.createElement('p')
  note.className = 'job-card panel p-3 text-[0.8125rem] text-bad'
  note.role = 'alert'
  note.textContent = words
  document.getElementById('asked')?.prepend(note)
  window.setTimeout(() => note.remove(), 12_000)
}

function wrong(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
