/** Asks for this page's address. A reload would send a form again where the page was the answer to one. */
export const getAnew = (): void => location.replace(location.pathname + location.search)
