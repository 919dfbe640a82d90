/** Arrow keys from the field of the search through what was found, and back. */

document.addEventListener('keydown', (event) => {
  const { target, key } = event
  if ((key !== 'ArrowDown' && key !== 'ArrowUp') || !(target instanceof HTMLElement)) return
  const field = target.matches('[role=search] input') ? target : document.getElementById('search')
  const hits = [...document.querySelectorAll<HTMLElement>('[data-hit]')].filter((hit) =>
    hit.checkVisibility(),
  )
  const at = target === field ? -1 : hits.indexOf(target)
  if (hits.length === 0 || (at === -1 && target !== field)) return
  event.preventDefault()
  const next = key === 'ArrowDown' ? hits[Math.min(at + 1, hits.length - 1)] : hits[at - 1]
  if (next === undefined) field?.focus()
  else next.focus()
})

/** Escape leads from what was found back to the field, and there takes away what was found. */
document.addEventListener('keydown', ({ target, key }) => {
  if (key !== 'Escape' || !(target instanceof HTMLElement)) return
  const search = target.closest('.search')
  if (target.matches('input')) search?.querySelector('#search-hits')?.replaceChildren()
  else search?.querySelector('input')?.focus()
})
