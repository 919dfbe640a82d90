/** The log viewer: all of it in the page first, then taken over by ui/web/browser/log.ts. */
import { html, raw } from 'hono/html'
import { empty } from '../web/components.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { alone, ansiStream, carry, leftOn } from './ansi.ts'
import { noteLine, numberedLine, sinceStart, stampedLine, timeOfDay } from './lines.ts'
import { type LogLine, leftOut } from './log.ts'
import { NOTE } from './output.ts'

export interface Nothing {
  readonly title: string
  readonly text: string
  readonly command?: string
}

export interface LogPane {
  /** "Log of blog #42" */
  readonly label: string
  /** Lines of a deployment are numbered for good; those of a running log carry time and process. */
  readonly kind: 'deployment' | 'running'
  /** Shown before any script runs. */
  readonly lines: readonly LogLine[]
  /** Number of the last line there is. */
  readonly last: number
  /** Lines left out for good: numbers of the first and the last of them. */
  readonly gap: readonly [number, number] | null
  /** Lines that say why the deployment failed. */
  readonly bad: readonly number[]
  /** Where more comes from; empty when nothing follows. */
  readonly stream: string
  /** Where any line can be asked for; empty for a running log, which is remembered nowhere. */
  readonly source: string
  /** The whole log as text; empty where there is none. */
  readonly download: string
  readonly nothing: Nothing
}

/**
 * `hx-morph-skip`: a page that shows itself anew leaves the viewer alone, which keeps itself up to date. Its lines are
 * `aria-live=off`, for nobody wants a build read out; the one status line is what is announced.
 */
export const logPane = (pane: LogPane): Html => {
  const { label, kind, last, gap, bad, stream, source, lines } = pane
  return html`<div id="log" class="log" data-log="${kind}" data-last="${last}" data-gap="${gap?.join('-') ?? ''}" data-bad="${bad.join(' ')}" data-stream="${stream}" data-source="${source}" hx-morph-skip>
${bar(pane)}
<div class="log-lines" data-log-lines tabindex="0" role="log" aria-live="off" aria-label="${label}">${raw(markup(pane))}</div>
<div class="log-nothing" data-log-nothing${lines.length > 0 ? raw(' hidden') : ''}>${empty({ ...pane.nothing, drawing: 'terminal' })}</div>
<button type="button" class="log-resume" data-log-resume hidden><span data-log-resume-text>Follow</span>${icon('down', 'size-3.5')}</button>
</div>`
}

const bar = ({ kind, stream, bad, download }: LogPane): Html =>
  html`<div class="log-bar">
<p class="log-state" role="status" data-log-state data-tone="${stream === '' ? 'off' : 'busy'}">${stream === '' ? 'ended' : 'as of now'}</p>
${stream === '' ? '' : html`<noscript><span class="log-hint">Reload the page to see more.${kind === 'running' ? ' Times are in UTC.' : ''}</span></noscript>`}
<div class="log-tools">
${kind === 'running' ? html`<select class="log-select" data-log-process aria-label="Process" hidden><option value="">All processes</option></select>` : ''}
<a class="log-tool log-tool-bad" data-log-failure href="#L${bad[0] ?? 1}"${bad.length === 0 ? raw(' hidden') : ''}>${icon('warning', 'size-3.5')}Jump to failure</a>
<form class="log-search" role="search" aria-label="Search in the log" data-log-search hidden>
${icon('search', 'size-3.5')}<input type="search" placeholder="Search" aria-label="Search in the log" autocomplete="off" spellcheck="false" data-log-query>
<output data-log-count aria-live="polite"></output>
<button type="button" class="log-tool log-tool-icon" data-log-step="-1" aria-label="Previous match">${icon('up', 'size-3.5')}</button>
<button type="button" class="log-tool log-tool-icon" data-log-step="1" aria-label="Next match">${icon('down', 'size-3.5')}</button>
</form>
<button type="button" class="log-tool" data-log-wrap aria-pressed="false" hidden>Wrap</button>
<button type="button" class="log-tool" data-log-full aria-pressed="false" hidden>Full screen</button>
<button type="button" class="log-tool" data-log-follow aria-pressed="true"${stream === '' ? raw(' data-ended') : ''} hidden>Follow</button>
${download === '' ? '' : html`<a class="log-tool" href="${download}" download>Download</a>`}
</div>
</div>`

/** Every byte of a line is escaped on its way through `ansi`, `escaped` or `noteLine`. */
function markup({ kind, lines, bad, gap }: LogPane): string {
  const ansi = ansiStream()
  const said = new Set(bad)
  const out: string[] = []
  let on = ''
  let expected = lines[0]?.[0] ?? 1
  for (const [number, ms, text, process = ''] of lines) {
    if (number > expected && gap !== null) out.push(noteLine(leftOut(number - expected)))
    expected = number + 1
    const shown = { number, markup: alone(ansi, carry(on, text)), process }
    on = leftOn(on, text)
    if (process === NOTE) out.push(noteLine(text))
    else if (kind === 'running') out.push(stampedLine({ ...shown, time: timeOfDay(ms) }, ms))
    else out.push(numberedLine({ ...shown, time: sinceStart(ms) }, said.has(number)))
  }
  return out.join('')
}
