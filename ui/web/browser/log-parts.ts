/** The elements of a log viewer, as ui/logs/views.ts drew them, and what it wrote on them. */
export interface LogParts {
  readonly pane: HTMLElement
  readonly kind: string
  readonly last: number
  readonly gap: readonly [number, number] | null
  readonly bad: readonly number[]
  /** Addresses; empty where there is none. */
  readonly stream: string
  readonly source: string
  readonly scroller: HTMLElement
  readonly nothing: HTMLElement
  readonly state: HTMLElement
  readonly failure: HTMLAnchorElement
  readonly wrap: HTMLElement
  readonly full: HTMLElement
  readonly toggle: HTMLElement
  readonly resume: HTMLElement
  readonly resumeText: HTMLElement
  readonly form: HTMLFormElement
  readonly input: HTMLInputElement
  readonly count: HTMLElement
  readonly process: HTMLSelectElement | null
  /** Shows what only works with a script. */
  ready(): void
  /** Takes away what makes no sense once nothing follows. */
  ended(): void
}

export function partsOf(pane: HTMLElement): LogParts {
  const { log = '', stream = '', source = '', last = '', bad = '', gap = '' } = pane.dataset
  const part = <Kind extends HTMLElement>(name: string, kind: { new (): Kind }): Kind => {
    const found = pane.querySelector(`[data-log-${name}]`)
    if (found instanceof kind) return found
    throw new Error(`the log viewer has no ${name}`)
  }
  const toggle = part('follow', HTMLButtonElement)
  const wrap = part('wrap', HTMLButtonElement)
  const form = part('search', HTMLFormElement)
  const full = part('full', HTMLButtonElement)
  const resume = part('resume', HTMLButtonElement)
  const process = log === 'running' ? part('process', HTMLSelectElement) : null
  const [from, to] = gap.split('-').map(Number)
  return {
    pane,
    kind: log,
    last: Number(last),
    gap: from !== undefined && to !== undefined ? [from, to] : null,
    bad: bad.split(' ').filter(Boolean).map(Number),
    stream,
    source,
    scroller: part('lines', HTMLElement),
    nothing: part('nothing', HTMLElement),
    state: part('state', HTMLElement),
    failure: part('failure', HTMLAnchorElement),
    wrap,
    full,
    toggle,
    resume,
    resumeText: part('resume-text', HTMLElement),
    form,
    input: part('query', HTMLInputElement),
    count: part('count', HTMLElement),
    process,
    ready() {
      wrap.hidden = false
      form.hidden = false
      toggle.hidden = stream === ''
    },
    ended() {
      toggle.hidden = true
      resume.hidden = true
    },
  }
}
