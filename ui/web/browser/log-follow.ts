/** Staying at the end of a log, until somebody scrolls up, and getting back there. */

import { oncePerFrame } from './once-per-frame.ts'

export interface Follow {
  following(): boolean
  /** Lines were added: counts what is missed. */
  added(lines: number): void
  /** Lines were drawn: goes along. */
  drawn(): void
  toEnd(): void
  pause(): void
}

const AT_END_PX = 24

export interface FollowParts {
  readonly scroller: HTMLElement
  readonly toggle: HTMLElement
  readonly resume: HTMLElement
  readonly resumeText: HTMLElement
}

export function follow({ scroller, toggle, resume, resumeText }: FollowParts): Follow {
  let on = true
  let missed = 0
  let scrolledTo = 0

  const say = (): void => {
    toggle.setAttribute('aria-pressed', String(on))
    resume.hidden = on || missed === 0
    resumeText.textContent = `${missed.toLocaleString('en')} new ${missed === 1 ? 'line' : 'lines'}`
  }

  const become = (next: boolean): void => {
    on = next
    if (on) missed = 0
    say()
  }

  const goToEnd = oncePerFrame(() => {
    if (on) scroller.scrollTop = scroller.scrollHeight
  })

  const toEnd = (): void => {
    become(true)
    goToEnd()
  }

  scroller.addEventListener(
    'scroll',
    () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller
      const movedUp = scrollTop < scrolledTo
      scrolledTo = scrollTop
      if (scrollHeight - scrollTop - clientHeight <= AT_END_PX) {
        if (!on) become(true)
      } else if (on && movedUp) become(false)
    },
    { passive: true },
  )
  toggle.addEventListener('click', () => (on ? become(false) : toEnd()))
  resume.addEventListener('click', () => {
    toEnd()
    scroller.focus({ preventScroll: true })
  })

  return {
    following: () => on,
    added(lines) {
      if (on) return
      missed += lines
      say()
    },
    drawn() {
      if (on) scroller.scrollTop = scroller.scrollHeight
    },
    toEnd,
    pause: () => become(false),
  }
}
