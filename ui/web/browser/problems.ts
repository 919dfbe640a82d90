/** What was wrong with a form, each thing beside the field it is about. */

/** `told`: the panel's JSON; text is shown as it is. Nothing told takes away what was. */
export function tellProblems(form: HTMLFormElement, told: unknown): void {
  for (const place of form.querySelectorAll('[data-problem]')) place.textContent = ''
  for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid')
  const rest = linesOf(told).filter((line) => !besideItsField(form, line))
  const place = form.querySelector('.form-error')
  if (place !== null) place.replaceChildren(...linked(rest.join('. ')))
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
  place.append(...linked(line.slice(at + 2)))
  form.querySelector(`[name="${CSS.escape(name)}"]`)?.setAttribute('aria-invalid', 'true')
  return true
}

/** Text in which a page of the panel is named by its address leads there. */
const linked = (text: string): readonly (Node | string)[] =>
  text.split(/(\/(?:apps|jobs)\/[a-z0-9][a-z0-9./-]*[a-z0-9])/).map((part, at) => {
    if (at % 2 === 0) return part
    const link = document.createElement('a')
    link.href = part
    link.className = 'underline underline-offset-2'
    link.textContent = part
    return link
  })
