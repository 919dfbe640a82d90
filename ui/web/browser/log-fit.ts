/** The log ends where the window does, so that there is one scrollbar; or it is all there is on the screen. */

/** Lower than this it is no use: then it is as high as the window, and the page is scrolled to it. */
const LOWEST_PX = 256
const TOP_BAR_PX = 56

export interface FitParts {
  readonly pane: HTMLElement
  readonly scroller: HTMLElement
  readonly full: HTMLElement
}

export function fitToWindow({ pane, scroller, full }: FitParts): void {
  const fitNow = (): void => {
    const main = pane.closest('main')
    const below = main === null ? 0 : Number.parseFloat(getComputedStyle(main).paddingBottom)
    // Of the pane and not of the lines: these are not there before the first one. 2: the borders of the pane.
    const top = pane.getBoundingClientRect().top + window.scrollY
    const bar = (pane.querySelector<HTMLElement>('.log-bar')?.offsetHeight ?? 0) + 2
    const rest = window.innerHeight - top - bar - below
    const whole = window.innerHeight - TOP_BAR_PX - bar - below
    const height = rest >= LOWEST_PX ? rest : Math.max(LOWEST_PX, whole)
    scroller.style.setProperty('--log-height', `${Math.floor(height)}px`)
  }

  fitNow()
  window.addEventListener('resize', fitNow)
  // What stands above it may be higher now, or gone.
  document.addEventListener('htmx:after:swap', fitNow)

  full.hidden = !document.fullscreenEnabled
  full.addEventListener('click', () => {
    if (document.fullscreenElement === pane) void document.exitFullscreen()
    else void pane.requestFullscreen()
  })
  pane.addEventListener('fullscreenchange', () => {
    full.setAttribute('aria-pressed', String(document.fullscreenElement === pane))
  })
}
