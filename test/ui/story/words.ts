/** Whatever somebody may type or send where a name is wanted. */
import fc from 'fast-check'

/** Good ones, good ones with something about them, and anything at all. */
export const words = (...good: readonly string[]) => {
  const one = fc.constantFrom(...good)
  const sign = fc.constantFrom(
    ...[
      '--force',
      '-x',
      '--',
      '--global',
      ' ',
      '\n',
      '\r',
      '\0',
      '\t',
      ';',
      '|',
      '&',
      '$(id)',
      '`id`',
      "'",
      '"',
    ],
    ...[
      '\\',
      '*',
      '?',
      '..',
      '/',
      './',
      '#',
      '@',
      ':',
      '=',
      ',',
      '{',
      '~',
      '!',
      '%0a',
      '\u202e',
      'ü',
      '\u00a0',
    ],
  )
  const about = fc
    .tuple(one, sign, fc.constantFrom('before', 'after', 'within'))
    .map(([word, mark, where]) =>
      where === 'before'
        ? mark + word
        : where === 'after'
          ? word + mark
          : `${word.slice(0, 1)}${mark}${word.slice(1)}`,
    )
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ minLength: 60, maxLength: 700 }),
    fc.anything(),
  )
  return fc.oneof(
    { weight: 4, arbitrary: one },
    { weight: 3, arbitrary: about },
    { weight: 2, arbitrary: sign },
    { weight: 2, arbitrary: anything },
  )
}

/** One word for a command line: no option, no blank, nothing a shell or Dokku would read otherwise. */
export const isPlainWord = (word: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_.@:/~%+-]*$/.test(word)
