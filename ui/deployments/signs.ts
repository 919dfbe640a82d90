/** The words by which a deploy's log says that something failed, or that nothing was to be done. Pure. */

/** A line of the log as text. */
export interface Said {
  readonly line: number
  readonly text: string
}

/** A line that says that something failed, and how far the deploy had come. */
export interface Sign extends Said {
  readonly kind: SignKind
  readonly reached: number
}

/** First match. */
const SIGNS = [
  ['app.json', /^ ! +(?:! +)?Cannot parse app\.json/],
  ['check', /^ ! +(?:Failure in name='|Could not start due to |Container state: )/],
  ['container', /^(?: ! +)?(?:docker: )?Error response from daemon: /],
  ['task', /^ ! +Execution of \w+ task failed: /],
  ['nginx', /\[emerg\] |^nginx: configuration file .* test failed$|^ ! +Custom nginx\.conf\.sigil failed /],
  ['cron', /^ ! +Unable to update schedule file: /],
  ['canceled', /line \d+: +\d+ Quit\b/],
  ['dokku', /^\/\S+: line \d+: /],
  ['branch', /^-----> WARNING: (?:Cannot build from|Invalid branch name) /],
  ['git', /^fatal: |^error: pathspec /],
  ['build', /^#\d+ ERROR: |^ERROR: failed to |^The command '.*' returned a non-zero code: /],
  [
    'build',
    /^ ! +(?:App build failed|Failure extracting app code|Push rejected|Unable to select a buildpack|Missing \w+, install it|No Dockerfile found)/,
  ],
] as const
export type SignKind = (typeof SIGNS)[number][0]

/** First characters that any of the words above can begin with: most lines of a build need no closer look. */
const CAN_BEGIN = new Set(' !-#/dEefnT0123456789')

export function signOf(text: string): SignKind | null {
  if (!CAN_BEGIN.has(text.charAt(0))) return null
  if (text.startsWith('#') && !text.includes(' ERROR: ')) return null
  // The app's own output is indented by seven spaces, so it cannot speak for Dokku.
  if (text.startsWith('       ')) return null
  return SIGNS.find(([, words]) => words.test(text))?.[0] ?? null
}
