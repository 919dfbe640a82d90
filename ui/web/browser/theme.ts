/** The theme is a cookie, so that the server renders it and nothing flashes. */

const YEAR = 365 * 24 * 3600

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-theme-choice]') : null
  const choice = button?.dataset.themeChoice
  if (choice === undefined) return
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing where nginx has no certificate yet
  document.cookie = `theme=${choice}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`
  document.documentElement.classList.remove('light', 'dark', 'auto')
  document.documentElement.classList.add(choice)
  button?.closest('details')?.removeAttribute('open')
})
