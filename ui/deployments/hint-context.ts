/** Facts about the app that a hint uses beside the log. Pure. */

export interface HintContext {
  /** The app's name. */
  readonly app: string
  /** An earlier version was live when the deploy failed, so it went on running. */
  readonly keepsRunning: boolean
}

export const KEPT_RUNNING = 'What ran before went on running.'

/** Replaces `APP` in the commands of a hint by the app's name. */
export const withAppName = (hint: string, app: string): string => hint.replace(/\bAPP\b/g, () => app)
