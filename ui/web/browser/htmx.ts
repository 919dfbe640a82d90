import module from 'htmx.org'

// Types say CommonJS, the file is an ES module: what is at hand depends on who reads it.
const htmx = 'default' in module ? module.default : module

declare global {
  interface Window {
    htmx: typeof htmx
  }
}

// The extension that follows in app.ts looks for the global.
window.htmx = htmx

export { htmx }
