/** Password fields: show and hide, rules that turn green as one types, how strong it is. */
import { isTooLong, normalized, passwordRules, strengthOf, strengthWords } from '../../accounts/password.ts'

const toggle = (input: HTMLInputElement, button: HTMLButtonElement): void => {
  button.hidden = false
  button.addEventListener('click', () => {
    const shown = input.type === 'password'
    input.type = shown ? 'text' : 'password'
    button.setAttribute('aria-pressed', String(shown))
    input.focus()
  })
  // A password manager offers to keep only what a password field held.
  input.form?.addEventListener('submit', () => {
    input.type = 'password'
  })
}

const judge = (field: Element, typed: string): void => {
  const password = normalized(typed)
  for (const { id, holds } of passwordRules) say(field, id, holds(password) ? 'yes' : '')
  const tooLong = isTooLong(password)
  say(field, 'bytes', tooLong ? 'no' : '')
  field.querySelector('[data-rule="bytes"]')?.toggleAttribute('hidden', !tooLong)
  const meter = field.querySelector<HTMLElement>('[data-password-strength]')
  const word = field.querySelector('[data-password-word]')
  if (meter === null || word === null) return
  const strength = strengthOf(password)
  meter.hidden = strength === 0
  meter.dataset.strength = String(strength)
  if (word.textContent !== strengthWords[strength]) word.textContent = strengthWords[strength]
}

const say = (field: Element, id: string, holds: 'yes' | 'no' | ''): void => {
  const rule = field.querySelector<HTMLElement>(`[data-rule="${id}"]`)
  if (rule === null) return
  rule.dataset.holds = holds
  const words = rule.querySelector('[data-says]')
  if (words !== null) words.textContent = holds === 'yes' ? ': met' : holds === 'no' ? ': not met' : ''
}

for (const field of document.querySelectorAll('[data-password]')) {
  const input = field.querySelector('input')
  const button = field.querySelector<HTMLButtonElement>('[data-password-toggle]')
  if (input === null) continue
  if (button !== null) toggle(input, button)
  if (field.querySelector('[data-rule]') === null) continue
  input.addEventListener('input', () => judge(field, input.value))
  if (input.value !== '') judge(field, input.value)
}
