/** The log viewer of a deployment and of a running app. The page works without it: lines, colours, links, download. */
import { BLOCK, blockRanges, blockStart, LOG_BOUNDS, type LogLine, leftOut } from '../../logs/log.ts'
import { type Block, type Blocks, blocks } from './log-blocks.ts'
import { fitToWindow } from './log-fit.ts'
import { follow } from './log-follow.ts'
import { drawnLine, type Line, lineMaker, numberOf } from './log-lines.ts'
import { type LogParts, partsOf } from './log-parts.ts'
import { processFilter } from './log-processes.ts'
import { everyLine, search } from './log-search.ts'
import { connect, isLine } from './log-stream.ts'
import { CONNECTION, type Said, stateSaid } from './log-words.ts'

/** What a page remembers of a running log, and of a build. */
const MOST_LINES = { running: 20_000, deployment: 2 * LOG_BOUNDS.sideLines } as const

for (const pane of document.querySelectorAll<HTMLElement>('[data-log]')) view(partsOf(pane))

function view(parts: LogParts): void {
  const { pane, scroller, nothing, state, failure, wrap } = parts
  const numbered = parts.kind === 'deployment'
  const bad = new Set(parts.bad)
  const maker = lineMaker(numbered, bad)

  const load = async (first: number, until: number): Promise<readonly Line[]> =>
    lineMaker(numbered, bad)(await linesFrom(parts.source, first, until))

  const loadMissing = async (group: readonly Block[]): Promise<void> => {
    const missing = group.filter((block) => block.lines === null)
    const [first, last] = [missing[0], missing.at(-1)]
    if (first === undefined || last === undefined) return
    const lines = await load(first.first, last.until)
    for (const block of missing) log.fill(block, lines.filter(inside(block)))
  }

  const follower = follow(parts)
  const log = blocks({
    scroller,
    size: BLOCK,
    load,
    following: follower.following,
    onDrawn() {
      follower.drawn()
      finder.mark()
    },
  })

  const reveal = async (number: number): Promise<void> => {
    const block = log.holding(number)
    if (block === undefined) return
    follower.pause()
    await log.bring(block)
    for (const found of scroller.querySelectorAll('.log-found')) found.classList.remove('log-found')
    const line = lineElement(scroller, number)
    if (line === undefined) return
    line.classList.add('log-found')
    const below = line.getBoundingClientRect().top - scroller.getBoundingClientRect().top
    scroller.scrollTop += below - scroller.clientHeight / 2
  }

  const finder = search({
    ...parts,
    everyLine: () => everyLine(log.all(), loadMissing),
    reveal: (number) => void reveal(number),
  })

  const shows = numbered
    ? null
    : processFilter(parts.process, (lines) => {
        log.clear()
        show(lines)
        finder.again()
      })

  const show = (lines: readonly Line[]): void => {
    log.append(lines)
    log.trim(Math.ceil((numbered ? MOST_LINES.deployment : MOST_LINES.running) / BLOCK))
    follower.added(lines.length)
  }

  const say = ([text, tone]: Said): void => {
    state.textContent = text
    state.dataset.tone = tone
  }

  const blame = (numbers: readonly number[]): void => {
    for (const number of numbers) {
      bad.add(number)
      lineElement(scroller, number)?.classList.add('log-bad')
    }
    const [first] = numbers
    if (first !== undefined) failure.href = `#L${first}`
    failure.hidden = first === undefined
  }

  if (numbered) takeOver(parts, log, bad)
  else scroller.replaceChildren()
  parts.ready()
  fitToWindow(parts)
  wrap.addEventListener('click', () => {
    const wraps = pane.toggleAttribute('data-wraps')
    wrap.setAttribute('aria-pressed', String(wraps))
  })

  const asked = (): number => Number(/^#L(\d+)$/.exec(location.hash)?.[1] ?? 0)
  window.addEventListener('hashchange', () => asked() > 0 && void reveal(asked()))
  const first = asked() || (parts.stream === '' ? (parts.bad[0] ?? 0) : 0)
  if (numbered && first > 0) void reveal(first)
  else follower.toEnd()

  if (parts.stream === '') return
  let last = parts.last
  connect(parts.stream, last > 0 ? String(last) : '', {
    onLines(lines) {
      const fresh = maker(lines.filter(([number]) => number > last))
      last = fresh.at(-1)?.number ?? last
      if (fresh.length === 0) return
      nothing.hidden = true
      const shown = shows === null ? fresh : shows.of(fresh)
      show(shown)
      finder.added(shown)
    },
    onConnection(connection) {
      say(CONNECTION[connection])
      if (connection === 'ended') parts.ended()
    },
    onState: (word, said) => say(stateSaid(word, said)),
    onEnd: blame,
    onReset() {
      last = 0
      shows?.forget()
      log.clear()
    },
  })
}

/** The server drew some blocks; the others are loaded as somebody comes near. */
function takeOver({ scroller, last, gap }: LogParts, log: Blocks, bad: ReadonlySet<number>): void {
  const drawn = new Map<number, HTMLElement[]>()
  for (const element of scroller.querySelectorAll<HTMLElement>('.log-line')) {
    const start = blockStart(numberOf(element))
    drawn.set(start, [...(drawn.get(start) ?? []), element])
  }
  scroller.replaceChildren()
  for (const range of blockRanges(last, gap)) {
    const elements = range === null ? undefined : drawn.get(blockStart(range[0]))
    if (range === null) log.note(leftOut((gap?.[1] ?? 0) - (gap?.[0] ?? 0) + 1))
    else if (elements === undefined) log.reserve(...range)
    else
      log.adopt(
        range,
        elements.map((element) => drawnLine(element, bad)),
        elements,
      )
  }
}

const inside =
  ({ first, until }: Block) =>
  ({ number }: Line): boolean =>
    number >= first && number <= until

async function linesFrom(source: string, first: number, until: number): Promise<readonly LogLine[]> {
  const answer = await fetch(`${source}?from=${first}&count=${until - first + 1}`, {
    headers: { accept: 'application/json' },
  })
  if (!answer.ok) throw new Error(`the lines from ${first} on could not be loaded: ${answer.status}`)
  const body: unknown = await answer.json()
  const lines: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'lines') : []
  return Array.isArray(lines) ? lines.filter(isLine) : []
}

const lineElement = (scroller: HTMLElement, number: number): HTMLElement | undefined =>
  scroller.querySelector<HTMLElement>(`#L${number}, [data-line="${number}"]`) ?? undefined
