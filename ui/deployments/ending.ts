/** How a deploy can end that neither went live nor failed, by the words of its log. Pure. */
import { shortened } from './failure.ts'
import { type HintContext, KEPT_RUNNING, withAppName } from './hint-context.ts'
import type { Said } from './signs.ts'

export interface Ending {
  /**
   * `built`: an image was made and is not deployed, as the app's owner set it. `skipped`: nothing was to be built.
   * `refused`: another deploy held the app's lock.
   */
  readonly status: 'built' | 'skipped' | 'refused'
  /** One line for people. */
  readonly reason: string
  /** Log lines (from 1) that say so. */
  readonly lines: readonly number[]
}

/** First match; the first group is named in the reason. */
const ENDINGS: readonly (readonly [Ending['status'], RegExp, (named: string) => string])[] = [
  // "Waiting..." is no refusal: the deploy goes on.
  [
    'refused',
    /^ ! +(?:\S+ )?currently has a deploy lock in place(?!\. Waiting)/,
    () => 'Refused: another deploy of this app was running',
  ],
  [
    'skipped',
    /WARNING: deploy did not complete, you must push to (\S+?)\.?$/,
    (branch) => `Nothing was deployed: Dokku deploys ${branch}, a different branch was pushed`,
  ],
  [
    'skipped',
    /^ {7}Skipping build as no changes were detected$/,
    () => 'Nothing was built: the repository has no new commit',
  ],
  [
    'skipped',
    /^ ! +No changes detected, skipping git commit$/,
    () => 'Nothing was built: this is what the app has already',
  ],
  [
    'built',
    /^-----> Skipping deployment$/,
    () => 'Built, not deployed: skip-deploy is set for this app, or for all',
  ],
]

/** Most lines of a build need no closer look. */
const MAY_SAY = /deploy|Skipping build|No changes/

/** Undefined for a line that says nothing of the kind. */
export function endingOf({ line, text }: Said): Ending | undefined {
  if (!MAY_SAY.test(text)) return undefined
  for (const [status, words, reason] of ENDINGS) {
    const found = words.exec(text)
    if (found !== null) return { status, reason: shortened(reason(found[1] ?? '')), lines: [line] }
  }
  return undefined
}

/** What can be done about it; empty where nothing need be. By the beginning of the reason. */
const HINTS: readonly (readonly [begins: string, hint: string])[] = [
  [
    'Refused: ',
    'Dokku runs one deploy of an app at a time and keeps no queue. Deploy again once the other has ended.',
  ],
  [
    'Nothing was deployed: Dokku deploys ',
    'Push to the branch Dokku deploys, or change it with `dokku git:set APP deploy-branch BRANCH`.',
  ],
  ['Nothing was built: this is ', 'Rebuild the app to build what it has once more.'],
  ['Built, not deployed', '`dokku ps:set APP skip-deploy false` has the next build deployed again.'],
]

export function endingHint(reason: string, { app, keepsRunning }: HintContext): string {
  const hint = HINTS.find(([begins]) => reason.startsWith(begins))?.[1] ?? ''
  const isBuilt = reason.startsWith('Built, not deployed')
  return `${isBuilt && keepsRunning ? `${KEPT_RUNNING} ` : ''}${withAppName(hint, app)}`
}

/** git:sync that neither built nor complained only fetched. */
export const ONLY_FETCHED: Ending = {
  status: 'skipped',
  reason: 'Nothing was built: git:sync only fetched the repository',
  lines: [],
}
