/** What was wrong with a form, each thing beside the field it is about. */

/** `told`: the panel's JSON; text is shown as it is. Nothing told takes away what was. */
export function tellProblems(form: HTMLFormElement, told: unknown): void {
  for (const place of form.querySelectorAll('[data-problem]')) place.textContent = ''
  for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid')
  const rest = linesOf(told).filter((line) => !besideItsField(form, line))
  const place = form.querySelector('.form-error')
  place?.replaceChildren(...rest.map((line) => paragraph(form, line)))
}

/** A problem has a line of its own, however many there are. */
function paragraph(form: HTMLFormElement, text: string): HTMLElement {
  const line = document.createElement('span')
  line.className = 'block'
  line.append(...linked(text, form.querySelector('textarea[data-lines]')))
  return line
}

/** Of the panel's JSON. */
export function linesOf(told: unknown): readonly string[] {
  if (typeof told === 'string') return told === '' ? [] : [told]
  if (typeof told !== 'object' || told === null || !('error' in told)) return [ODD]
  const { error } = told
  if (typeof error !== 'object' || error === null) return [ODD]
  if ('details' in error && Array.isArray(error.details)) return error.details.map(String)
  return ['message' in error ? String(error.message) : ODD]
}

const ODD =
  'The panel answered with something it should not have. Nothing is known to have changed; look at the jobs.'

/** "scale.web: …" under the field `scale.web`. */
function besideItsField(form: HTMLFormElement, line: string): boolean {
  const at = line.indexOf(': ')
  if (at < 1) return false
  const name = line.slice(0, at)
  const place = form.querySelector(`[data-problem="${CSS.escape(name)}"]`)
  if (place === null) return false
  if (place.textContent !== '') place.append('. ')
  place.append(...linked(line.slice(at + 2), null))
  form.querySelector(`[name="${CSS.escape(name)}"]`)?.setAttribute('aria-invalid', 'true')
  return true
}

/** Text in which a page of the panel is named by its address leads there, and a line of what was typed to that line. */
const linked = (text: string, typed: HTMLTextAreaElement | null): readonly (Node | string)[] =>
  text.split(PLACES).map((part, at) => {
    if (at % 2 === 0) return part
    if (part.startsWith('/')) return linkTo(part)
    return typed === null ? part : lineLink(part, typed)
  })

const PLACES = /(\/(?:apps|jobs)\/[a-z0-9][a-z0-9./-]*[a-z0-9]|\bline \d+\b)/

function linkTo(address: string): HTMLElement {
  const link = document.createElement('a')
  link.href = address
  link.className = 'underline underline-offset-2'
  link.textContent = address
  return link
}

function lineLink(words: string, typed: HTMLTextAreaElement): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'min-h-6 rounded underline underline-offset-2'
  button.textContent = words
  button.addEventListener('click', () => selectLine(typed, Number(words.replace('line ', ''))))
  return button
}

/** Its lines do not wrap, so each is as high as any other. */
function selectLine(typed: HTMLTextAreaElement, line: number): void {
  const lines = typed.value.split('\n')
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0)
  typed.focus()
  typed.setSelectionRange(start, start + (lines[line - 1] ?? '').length)
  const height = typed.scrollHeight / Math.max(1, lines.length)
  typed.scrollTop = (line - 1) * height - typed.clientHeight / 2
  typed.scrollLeft = 0
}
