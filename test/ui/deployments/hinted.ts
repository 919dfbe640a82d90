import { type Advice, adviceOn } from '../../../ui/deployments/hint.ts'
import type { HintContext } from '../../../ui/deployments/hint-context.ts'
import type { Reading } from '../../../ui/deployments/reading.ts'
import { plain } from '../../../ui/logs/line.ts'

/** An app that has a version that is live. */
export const SHOP: HintContext = { app: 'shop', keepsRunning: true }

/** What the page of a failed deploy says that its failure usually means; undefined where it says nothing. */
export const adviceOf = (
  lines: readonly string[],
  { failure }: Pick<Reading, 'failure'>,
  context = SHOP,
): Advice | undefined =>
  failure === null
    ? undefined
    : adviceOn(
        failure,
        lines.map((text, index) => ({ line: index + 1, text: plain(text) })),
        context,
      )

/** The same as text; empty where it says nothing. */
export const hintOf = (lines: readonly string[], reading: Pick<Reading, 'failure'>, context = SHOP): string =>
  adviceOf(lines, reading, context)?.text ?? ''
