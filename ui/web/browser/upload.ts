/** What is too large is said before it is sent. */
import { tellProblems } from './problems.ts'

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.dataset.most === undefined || target.form === null)
    return
  const file = target.files?.[0]
  const wrong = file && file.size > Number(target.dataset.most) ? (target.dataset.tooLarge ?? '') : ''
  target.setCustomValidity(wrong)
  tellProblems(target.form, wrong === '' ? '' : `${target.name}: ${wrong}`)
})
