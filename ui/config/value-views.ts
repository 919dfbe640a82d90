/** How a value is shown to whoever asked to see it. */
import { html } from 'hono/html'
import type { Html } from '../web/layout.ts'

/** Beside a value; a newline at its end is nothing a browser draws. */
export const endNote = (value: string): Html | '' =>
  /[\r\n]$/.test(value)
    ? html`<span class="block text-xs text-muted-foreground" data-final-newline>ends with a newline</span>`
    : ''
