let isRequested = false

/**
 * Requests this page's address. A reload would submit a form again where the page was the answer to one. Once: a user
 * who stays on it, because of values that are not saved (unsaved.ts), is not asked again and again.
 */
export const getAnew = (): void => {
  if (isRequested) return
  isRequested = true
  location.replace(location.pathname + location.search)
}
