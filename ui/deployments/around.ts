/** What a hint needs to know beside the log. Pure. */

export interface Around {
  /** The app's name. */
  readonly app: string
  /** An earlier version was live by then, and so went on running. */
  readonly keepsRunning: boolean
}

export const KEPT_RUNNING = 'What ran before went on running.'

/** A hint with the app's name in its commands, where `APP` stands for it. */
export const named = (hint: string, app: string): string => hint.replace(/\bAPP\b/g, () => app)
