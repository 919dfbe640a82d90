import { html } from 'hono/html'
import { DOTS } from './action.ts'

const KEYS = [
  ['/', 'Search'],
  ['g o', 'Overview'],
  ['g a', 'Apps'],
  ['g d', 'Deployments'],
  ['g e', 'Events'],
  ['j k', 'Next, previous in a list'],
  ['Enter', 'Open'],
  ['?', 'This help'],
  ['Esc', 'Close'],
] as const

const BUTTONS = [
  ['$_', 'What the button or the row beside it runs'],
  [DOTS, 'Asks first, and shows the command there'],
] as const

export const shortcuts = html`<dialog id="shortcuts" class="panel w-[min(24rem,calc(100vw-2rem))] p-5 shadow-xl" aria-label="Shortcuts">
<h2 class="mb-3 font-semibold">Shortcuts</h2>
<dl class="space-y-2">${KEYS.map(([keys, what]) => html`<div class="flex justify-between gap-4"><dt class="text-muted-foreground-2">${what}</dt><dd class="flex gap-1">${keys.split(' ').map((key) => html`<kbd class="kbd">${key}</kbd>`)}</dd></div>`)}</dl>
<h3 class="mb-3 mt-5 font-semibold">Buttons</h3>
<dl class="space-y-2">${BUTTONS.map(([sign, what]) => html`<div class="flex justify-between gap-4"><dt class="text-muted-foreground-2">${what}</dt><dd class="font-mono text-xs">${sign}</dd></div>`)}</dl>
<form method="dialog" class="mt-5 text-right"><button class="button">Close</button></form>
</dialog>`
