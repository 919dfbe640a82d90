/** What the pages show of a log: which lines first, what stands there when there are none, and why a deploy failed. */

import type { Deployment } from '../deployments/deployment.ts'
import { endingHint } from '../deployments/ending.ts'
import { hintFor } from '../deployments/hint.ts'
import type { HintContext } from '../deployments/hint-context.ts'
import { appHref } from '../web/app-page.ts'
import type { Html } from '../web/layout.ts'
import type { Copies } from './copies.ts'
import { plain } from './line.ts'
import { BLOCK, blockStart, type LogLine } from './log.ts'
import type { LineSource } from './stream.ts'
import type { Tail } from './tail.ts'
import { logPane, type Nothing } from './views.ts'

/** Blocks in the page itself: a usual deploy has a hundred lines, so most are there whole. */
const BLOCKS_SHOWN = 4
/** Of a long log that failed, so many lines before the first that says why. */
const BEFORE_FAILURE = 60

export const deploymentPane = (copies: Copies, deployment: Deployment, app: string): Html => {
  const { id, number, status, reasonLines } = deployment
  return copiedPane(copies, id, {
    label: `Log of ${app} #${number}`,
    address: appHref(app, `deployments/${number}/log`),
    goesOn: status === 'running',
    bad: reasonLines,
    nothing: status === 'running' ? WAITING : PRUNED,
  })
}

export interface Copied {
  readonly label: string
  /** Where all of it is; `/stream` and `/lines` below it. */
  readonly address: string
  readonly goesOn: boolean
  /** Lines that say why it failed. */
  readonly bad: readonly number[]
  readonly nothing: Nothing
}

/** A log with numbered lines: of a deployment, or the output of a job. */
export function copiedPane(copies: Copies, id: number, shown: Copied): Html {
  const { label, address, goesOn, nothing } = shown
  const running = goesOn || copies.running(id)
  const last = copies.last(id)
  const [bad = 0] = shown.bad
  const end = blockStart(last) - (BLOCKS_SHOWN - 1) * BLOCK
  const from = Math.max(1, running || bad === 0 ? end : Math.min(blockStart(bad - BEFORE_FAILURE), end))
  const until = Math.min(last, from + BLOCKS_SHOWN * BLOCK - 1)
  return logPane({
    label,
    kind: 'deployment',
    lines: copies.read(id, from, until - from + 1).filter(([line]) => line <= until),
    last,
    gap: copies.gap(id),
    bad: shown.bad,
    stream: running ? `${address}/stream` : '',
    source: `${address}/lines`,
    download: address,
    nothing,
  })
}

const WAITING = { title: 'No output yet', text: 'The first line appears here as Dokku writes it.' }
const PRUNED = {
  title: 'No log was kept',
  text: 'Dokku writes none for some commands, and keeps those of its last twenty builds: this one was gone before it could be copied, or is older than logs are kept here.',
}

export const runningPane = (app: string, tail: Tail | null): Html =>
  logPane({
    label: `Log of ${app}`,
    kind: 'running',
    lines: tail?.read(0, Number.POSITIVE_INFINITY).slice(-BLOCK) ?? [],
    last: 0,
    gap: null,
    bad: [],
    stream: tail === null ? '' : appHref(app, 'logs/stream'),
    source: '',
    download: '',
    nothing: {
      title: tail === null ? 'Nothing runs' : 'No lines yet',
      text: tail === null ? '' : 'What the processes of the app write appears here. The same in a terminal:',
      command: `dokku logs ${app} --tail`,
    },
  })

/**
 * A log as it is sent: from memory while it is written, from SQLite before and after. Somebody may look at what runs
 * before its log is copied, so that it is not is no end yet.
 */
export const copiedSource = (copies: Copies, id: number, goesOn: boolean): LineSource => ({
  run: '',
  read: (after, count) => copies.read(id, after + 1, count),
  last: () => copies.last(id),
  ended: () => !copies.running(id) && (!goesOn || copies.complete(id)),
  farewell: () => JSON.stringify({ bad: copies.progress(id)?.failure?.lines ?? [] }),
  state: () => '',
  watch: (onChange) => copies.watch(id, onChange),
})

export interface Explanation {
  readonly lines: readonly { readonly line: number; readonly text: string }[]
  /** What it usually means; empty where that is not known. */
  readonly hint: string
}

/** Why a deploy ended as it did. */
export function explain(
  copies: Copies,
  { id, status, reason, reasonLines, failedStep }: Deployment,
  context: HintContext,
): Explanation {
  const lines = linesNamed(copies, id, reasonLines)
  if (status !== 'failed') return { lines, hint: endingHint(reason, context) }
  return { lines, hint: hintFor({ step: failedStep, reason, lines: reasonLines }, lines, context) }
}

/** However far they lie from one another; those that are near are read at once. */
function linesNamed(copies: Copies, id: number, numbers: readonly number[]): Explanation['lines'] {
  const named = new Set(numbers)
  const ascending = [...named].sort((one, other) => one - other)
  const lines: LogLine[] = []
  for (let at = 0; at < ascending.length; ) {
    const first = ascending[at] ?? 0
    const after = ascending.findIndex((line, index) => index > at && line >= first + BLOCK)
    const end = after < 0 ? ascending.length : after
    const last = ascending[end - 1] ?? first
    lines.push(...copies.read(id, first, last - first + 1).filter(([line]) => named.has(line)))
    at = end
  }
  return lines.map(said)
}

const said = ([line, , text]: LogLine) => ({ line, text: plain(text) })
