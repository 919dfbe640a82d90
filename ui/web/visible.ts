/**
 * Text from outside as a terminal may show it: what moves a cursor, turns text round or hides in it is written out, as
 * `\u001b`. JSON stays the same JSON. `ui/host/visible` does the same for host scripts.
 */
const HIDDEN =
  /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu

/** Line breaks and tabs stay. */
export const visible = (text: string): string =>
  text.replace(HIDDEN, (character) =>
    character === '\n' || character === '\t' ? character : written(character),
  )

/** For a cell or a sentence: line breaks and tabs are written out too. */
export const visibleLine = (text: string): string => text.replace(HIDDEN, written)

/** Each UTF-16 unit, as JSON has it. */
const written = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
