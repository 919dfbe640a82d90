import { hintFor } from '../../../ui/deployments/hint.ts'
import type { Reading } from '../../../ui/deployments/reading.ts'
import { plain } from '../../../ui/logs/line.ts'

/** What the page of a failed deploy says that its failure usually means; empty where nothing failed. */
export const hintOf = (lines: readonly string[], { failure, builder }: Reading): string =>
  failure === null
    ? ''
    : hintFor(
        failure,
        lines.map((text, index) => ({ line: index + 1, text: plain(text) })),
        builder,
      )
