/**
 * Colours of a terminal as HTML: escaped text in spans that carry classes and nothing else. Shared with the browser.
 * ansi_up does the work; what it can only say by a style attribute, which the page's policy forbids, becomes a class.
 */
import { AnsiUp } from 'ansi_up'
import { coloured, plain, settled } from './line.ts'

export interface AnsiStream {
  /** The next line of one log; a colour that was left on goes on. */
  html(line: string): string
}

const RESET = '\x1b[0m'
/** What is left on is given to the next line; more than this is noise. */
const MOST_LEFT_ON = 8

export function ansiStream(): AnsiStream {
  const up = new AnsiUp()
  up.use_classes = true
  up.boldStyle = 'ansi-bold'
  up.faintStyle = 'ansi-faint'
  up.italicStyle = 'ansi-italic'
  up.underlineStyle = 'ansi-underline'
  return {
    html: (line) =>
      up.ansi_to_html(coloured(line)).replace(STYLED, (_, styles, classes = '') => span(styles, classes)),
  }
}

/** Colours still on after `line`. Lines may be shown in any order, so each is given what earlier ones left on. */
export function leftOn(before: string, line: string): string {
  const kept = isDokkus(before, line) ? '' : before
  if (!line.includes('\x1b')) return kept
  let on: readonly string[] = kept.match(CODE) ?? []
  for (const [code] of coloured(line).matchAll(CODE))
    on = ENDS.test(code) ? [] : [...on.slice(1 - MOST_LEFT_ON), code]
  return on.join('')
}

/** The line with what earlier ones left on, which no `\r` of its own takes away. */
export const carry = (on: string, line: string): string =>
  on === '' || isDokkus(on, line) ? line : on + settled(line)

/** Dokku's own lines among those of a build, whose colours end there; asked only where one is on. */
const isDokkus = (on: string, line: string): boolean => on !== '' && DOKKUS.test(plain(line))
const DOKKUS = /^(?:-----> |=====> | ! {5})/

/** One line by itself, whatever stood before it. */
export const alone = (stream: AnsiStream, line: string): string => stream.html(RESET + line)

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is the point
const CODE = /\x1b\[[\d;]*m/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is the point
const ENDS = /^\x1b\[0*m$/

/** Only ansi_up's own markup can match: every `<` and `"` of the text is escaped by then. */
const STYLED = /<span style="([^"]*)"(?: class="([^"]*)")?>/g

function span(styles: string, classes: string): string {
  const named = styles.split(';').map((style) => {
    const [, property, red = '', green = '', blue = ''] = COLOUR.exec(style) ?? []
    if (property === undefined) return style
    return `${nearest(Number(red), Number(green), Number(blue))}-${property === 'color' ? 'fg' : 'bg'}`
  })
  return `<span class="${[...named, classes].filter((name) => name !== '').join(' ')}">`
}

const COLOUR = /^(color|background-color):rgb\((\d+),(\d+),(\d+)\)$/

const PALETTE: readonly (readonly [name: string, red: number, green: number, blue: number])[] = [
  ['ansi-black', 0, 0, 0],
  ['ansi-red', 187, 0, 0],
  ['ansi-green', 0, 187, 0],
  ['ansi-yellow', 187, 187, 0],
  ['ansi-blue', 0, 0, 187],
  ['ansi-magenta', 187, 0, 187],
  ['ansi-cyan', 0, 187, 187],
  ['ansi-white', 255, 255, 255],
  ['ansi-bright-black', 85, 85, 85],
  ['ansi-bright-red', 255, 85, 85],
  ['ansi-bright-green', 0, 255, 0],
  ['ansi-bright-yellow', 255, 255, 85],
  ['ansi-bright-blue', 85, 85, 255],
  ['ansi-bright-magenta', 255, 85, 255],
  ['ansi-bright-cyan', 85, 255, 255],
]

/** A log has sixteen colours that can be read on its ground; the others are taken for the nearest of them. */
function nearest(red: number, green: number, blue: number): string {
  let found = 'ansi-white'
  let least = Number.POSITIVE_INFINITY
  for (const [name, r, g, b] of PALETTE) {
    const distance = (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2
    if (distance < least) [found, least] = [name, distance]
  }
  return found
}
