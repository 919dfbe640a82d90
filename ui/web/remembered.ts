/**
 * A pure drawing that is asked for again and again with the same few words. What is remembered is bounded, for a word
 * may come from somewhere else.
 */
export function remembered<Words extends readonly string[], Drawn>(
  draw: (...words: Words) => Drawn,
): (...words: Words) => Drawn {
  const known = new Map<string, Drawn>()
  return (...words) => {
    const key = words.join('\n')
    const found = known.get(key)
    if (found !== undefined) return found
    const drawn = draw(...words)
    if (known.size >= MOST) known.clear()
    known.set(key, drawn)
    return drawn
  }
}

const MOST = 1000
