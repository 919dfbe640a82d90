/** Forms that are filled in where they stand: what would run, and what is wrong, is told while somebody types. */
import { tellProblems } from './problems.ts'

const WAIT_MS = 250
const timers = new WeakMap<HTMLFormElement, number>()
const latest = new WeakMap<HTMLFormElement, AbortController>()

const formOf = (target: EventTarget | null): HTMLFormElement | null =>
  target instanceof Element ? target.closest<HTMLFormElement>('form[data-previewed]') : null

document.addEventListener('input', ({ target }) => {
  const form = formOf(target)
  if (form === null) return
  // What somebody began to change is not taken away by what changes elsewhere.
  form.setAttribute('hx-morph-skip', '')
  window.clearTimeout(timers.get(form))
  timers.set(
    form,
    window.setTimeout(() => void preview(form), WAIT_MS),
  )
})

/** A dialog that opens with something in it says at once what would run; what is wrong, only once somebody typed. */
document.addEventListener(
  'toggle',
  ({ target }) => {
    if (!(target instanceof HTMLDialogElement) || !target.open) return
    const form = target.querySelector<HTMLFormElement>('form[data-previewed]')
    if (form?.checkValidity()) void preview(form, false)
  },
  true,
)

document.addEventListener('asked', ({ target }) => {
  const form = formOf(target)
  if (form === null) return
  // Once it is asked for, nothing is left to be told; the app may have another name by then.
  window.clearTimeout(timers.get(form))
  latest.get(form)?.abort()
  form.removeAttribute('hx-morph-skip')
})

async function preview(form: HTMLFormElement, isTyped = true): Promise<void> {
  const place = form.querySelector('[data-preview]')
  if (place === null) return
  latest.get(form)?.abort()
  const controller = new AbortController()
  latest.set(form, controller)
  try {
    const body = new URLSearchParams()
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value)
    const answer = await fetch(form.action, {
      method: 'POST',
      body,
      headers: { Accept: 'application/json', 'Dokkubase-Preview': 'true' },
      signal: controller.signal,
    })
    const told: unknown = await answer.json()
    if (isTyped) tellProblems(form, answer.ok ? '' : told)
    if (answer.ok) show(place, told)
  } catch {
    // Sent again, or out of reach: what is sent in the end is checked anyway.
  }
}

function show(place: Element, told: unknown): void {
  const commands =
    typeof told === 'object' && told !== null && 'commands' in told && Array.isArray(told.commands)
      ? told.commands
      : []
  place.replaceChildren(
    ...commands.map((command) => {
      const line = document.createElement('code')
      line.className = 'typed block break-words text-muted-foreground-2'
      line.textContent = `$ ${command}`
      return line
    }),
  )
}
