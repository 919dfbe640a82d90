/** Of an app's running log, the lines of one process. */
import { NOTE } from '../../logs/output.ts'
import type { Line } from './log-lines.ts'

export interface ProcessFilter {
  /** Those of the new lines that are to be shown. */
  of(lines: readonly Line[]): readonly Line[]
  forget(): void
}

const MOST_KEPT = 20_000

/** Remembers every line, so that another process can be chosen without asking for them again. */
export function processFilter(
  select: HTMLSelectElement | null,
  onChoice: (lines: readonly Line[]) => void,
): ProcessFilter {
  let kept: Line[] = []
  const known = new Set<string>()

  const chosen = ({ process }: Line): boolean =>
    select === null || select.value === '' || process === NOTE || process === select.value

  const know = (process: string): void => {
    if (process === '' || process === NOTE || known.has(process) || select === null) return
    known.add(process)
    select.hidden = known.size < 2
    const after = [...select.options].find(({ value }) => value !== '' && value > process)
    select.add(new Option(process, process), after ?? null)
  }

  select?.addEventListener('change', () => onChoice(kept.filter(chosen)))

  return {
    of(lines) {
      for (const { process } of lines) know(process)
      kept.push(...lines)
      if (kept.length > MOST_KEPT * 1.2) kept = kept.slice(-MOST_KEPT)
      return lines.filter(chosen)
    },
    forget() {
      kept = []
    },
  }
}
