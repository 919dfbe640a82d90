import { raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { remembered } from './remembered.ts'

/**
 * Sixteen-pixel line drawings. Decoration only: the word that says the same stands beside each. Pages hold hundreds, so
 * that how they are drawn is said once, in parts.css.
 */
const DRAWINGS = {
  overview: '<path d="M2.5 2.5h4.5v6H2.5zM9 2.5h4.5v3H9zM9 7.5h4.5v6H9zM2.5 10.5h4.5v3H2.5z"/>',
  apps: '<path d="M8 1.8 14 5v6l-6 3.2L2 11V5z"/><path d="M2 5l6 3.2L14 5M8 8.2v6"/>',
  deployments:
    '<path d="M8 10V2.5M4.8 5.5 8 2.3l3.2 3.2M2.5 10v2.2a1.3 1.3 0 0 0 1.3 1.3h8.4a1.3 1.3 0 0 0 1.3-1.3V10"/>',
  domains:
    '<circle cx="8" cy="8" r="6"/><path d="M2 8h12M8 2c2 1.7 2.7 3.7 2.7 6S10 12.3 8 14C6 12.3 5.3 10.3 5.3 8S6 3.7 8 2z"/>',
  certificates:
    '<path d="M8 1.8 13.2 3.6v4c0 3.2-2.2 5.5-5.2 6.6-3-1.1-5.2-3.4-5.2-6.6v-4z"/><path d="m5.8 7.9 1.6 1.6 2.9-3.1"/>',
  events: '<path d="M1.8 8h2.7l1.9-4.8 3.2 9.6L11.5 8h2.7"/>',
  jobs: '<path d="M2.5 3h11v4h-11zM2.5 9h11v4h-11z"/><path d="M5 5h.01M5 11h.01M7.5 5h3.5M7.5 11h3.5"/>',
  config:
    '<path d="M2 4.5h7M12.5 4.5H14M2 11.5h1.5M7 11.5h7"/><circle cx="10.8" cy="4.5" r="1.7"/><circle cx="5.2" cy="11.5" r="1.7"/>',
  audit: '<path d="M4 1.8h5.5L12.5 4.8v9.4H4zM9.3 1.8v3.2h3.2M6.3 8h4M6.3 10.8h4"/>',
  account: '<circle cx="8" cy="5.3" r="2.8"/><path d="M2.8 13.8c.6-2.8 2.7-4.2 5.2-4.2s4.6 1.4 5.2 4.2"/>',
  search: '<circle cx="7" cy="7" r="4.5"/><path d="m10.4 10.4 3.3 3.3"/>',
  menu: '<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>',
  close: '<path d="m4 4 8 8M12 4l-8 8"/>',
  light:
    '<circle cx="8" cy="8" r="2.8"/><path d="M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9"/>',
  dark: '<path d="M13.5 9.3A5.6 5.6 0 0 1 6.7 2.5a5.7 5.7 0 1 0 6.8 6.8z"/>',
  auto: '<path d="M2 3h12v8H2zM5.5 13.5h5M8 11v2.5"/>',
  copy: '<path d="M5.5 5.5h8v8h-8z"/><path d="M10.5 5.5v-3h-8v8h3"/>',
  check: '<path d="m3 8.5 3.3 3.3L13 4.5"/>',
  right: '<path d="m6 3.5 4.5 4.5L6 12.5"/>',
  left: '<path d="M10 3.5 5.5 8l4.5 4.5"/>',
  down: '<path d="m3.5 6 4.5 4.5L12.5 6"/>',
  up: '<path d="m3.5 10 4.5-4.5 4.5 4.5"/>',
  external: '<path d="M9.5 2.5h4v4M13.3 2.7 7.5 8.5M12 9.5v4H2.5V4h4"/>',
  grid: '<path d="M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z"/>',
  list: '<path d="M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01"/>',
  lock: '<path d="M3.5 7h9v6.5h-9zM5.3 7V5a2.7 2.7 0 0 1 5.4 0v2"/>',
  commit: '<circle cx="8" cy="8" r="2.5"/><path d="M1.5 8h4M10.5 8h4"/>',
  terminal: '<path d="m3 4.5 3.5 3.5L3 11.5M8.5 12H13"/>',
  clock: '<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.3 1.5"/>',
  eye: '<path d="M1.5 8C3 5.2 5.3 3.7 8 3.7S13 5.2 14.5 8C13 10.8 10.7 12.3 8 12.3S3 10.8 1.5 8z"/><circle cx="8" cy="8" r="1.8"/>',
  leave: '<path d="M6.5 2.5h-4v11h4M10 11l3-3-3-3M13 8H6"/>',
  keyboard: '<path d="M1.5 4h13v8h-13zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M4.5 9.5h7"/>',
  inbox: '<path d="M2 9h3.5l1 2h3l1-2H14M2 9l2-6h8l2 6v4.5H2z"/>',
  refresh: '<path d="M13.5 8A5.5 5.5 0 1 1 11.6 3.8M13.5 1.8v3h-3"/>',
  plus: '<path d="M8 3v10M3 8h10"/>',
  more: '<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2"/>',
  image: '<path d="M8 1.8 14 5v6l-6 3.2L2 11V5z"/><path d="M5 3.4l6 3.2v3"/>',
  archive: '<path d="M2.5 2.5h11v3h-11zM3.5 5.5h9v8h-9zM6.5 8.5h3"/>',
  pencil: '<path d="m3 10.8 7.6-7.6 2.2 2.2L5.2 13H3zM9 4.8 11.2 7"/>',
  trash: '<path d="M2.8 4.3h10.4M6 4.3V2.5h4v1.8M4.2 4.3l.6 9.2h6.4l.6-9.2M6.7 7v3.8M9.3 7v3.8"/>',
  undo: '<path d="M3 6h6.5a3.5 3.5 0 0 1 0 7H6M3 6l3-3M3 6l3 3"/>',
  warning: '<path d="M8 2.2 14.5 13.5h-13z"/><path d="M8 6.5v3.2M8 11.6h.01"/>',
} as const

export type IconName = keyof typeof DRAWINGS

/** `size` is Tailwind's: size-4, size-3.5. */
export const icon = (name: IconName, classes = 'size-4'): HtmlEscapedString => drawn(name, classes)

const drawn = remembered((name: IconName, classes: string) =>
  raw(`<svg class="icon ${classes}" viewBox="0 0 16 16" aria-hidden="true">${DRAWINGS[name]}</svg>`),
)

/** Our mark: a diamond standing in a smaller one's shadow. */
export const mark = (classes = 'size-5'): HtmlEscapedString =>
  raw(
    `<svg class="shrink-0 ${classes}" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true"><path d="M10 1 19 10 10 19 1 10z" opacity=".28"/><path d="M10 4.6 15.4 10 10 15.4 4.6 10z"/></svg>`,
  )

/** State marks differ in shape, not only in colour. */
const SHAPES = {
  full: '<circle cx="8" cy="8" r="4.5" fill="currentColor" stroke="none"/>',
  hollow: '<circle cx="8" cy="8" r="4" />',
  dashed: '<circle cx="8" cy="8" r="4.5" stroke-width="1.2" stroke-dasharray="1.9 1.63"/>',
  ring: '<circle cx="8" cy="8" r="5" opacity=".25"/><path d="M8 3a5 5 0 0 1 5 5"/>',
  tick: '<circle cx="8" cy="8" r="6.5" fill="currentColor" stroke="none" opacity=".16"/><path d="m5.3 8.2 1.9 1.9 3.5-4"/>',
  cross:
    '<circle cx="8" cy="8" r="6.5" fill="currentColor" stroke="none" opacity=".16"/><path d="m5.9 5.9 4.2 4.2M10.1 5.9l-4.2 4.2"/>',
  slash: '<circle cx="8" cy="8" r="5.5"/><path d="m4.2 11.8 7.6-7.6"/>',
  triangle:
    '<path d="M8 2.7 14 13H2z" fill="currentColor" stroke="none" opacity=".18"/><path d="M8 2.7 14 13H2zM8 6.5V9M8 10.9h.01"/>',
} as const

export type ShapeName = keyof typeof SHAPES

export const shape = (name: ShapeName, classes: string): HtmlEscapedString =>
  raw(
    `<svg class="shape ${name === 'ring' ? 'spinning ' : ''}${classes}" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[name]}</svg>`,
  )
