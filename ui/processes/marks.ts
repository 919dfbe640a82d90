/** A process as every page shows it: its state, how it ended, and what to do about an app that needs attention. */
import { html } from 'hono/html'
import { type App, isDeploying, isInTrouble, isRepeated, reasonFor } from '../apps/app.ts'
import { action } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import { command, moment } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { stateMark } from '../web/states.ts'
import { countWords, wantedOf } from './count.ts'
import { endedOf, leftOver, processState } from './judging.ts'
import { type Container, type Deaths, deathsOf, type ProcessType, processOf } from './process.ts'
import { wordsOfEnd } from './reasons.ts'

export interface ProcessesShown {
  readonly formation: readonly ProcessType[]
  readonly containers: readonly Container[]
  readonly deaths: ReadonlyMap<string, Deaths>
}

/** "2 of 2 running": how many there are of a process type, beside how many there are to be. */
export const countOf = ({ now }: Frame, app: App, type: string, shown: ProcessesShown): string =>
  countWords(type, {
    ...shown,
    formationReadAt: app.formationReadAt,
    upstreams: app.upstreams,
    deploying: isDeploying(app),
    deployed: app.state !== 'not deployed',
    now,
  })

/** Those of one process type that there is something to say of: neither replaced nor on their way out. */
export const shownOf = (
  type: string,
  { containers }: Pick<ProcessesShown, 'containers'>,
): readonly Container[] =>
  containers.filter(
    (container) =>
      container.processType === type &&
      container.state !== 'retiring' &&
      !(container.state === 'exited' && isReplaced(container, containers)),
  )

/** Left over from an earlier deploy or a larger formation: Docker still lists it, and its successor runs. */
const isReplaced = (container: Container, all: readonly Container[]): boolean =>
  all.some(
    (other) =>
      other.id !== container.id && other.state === 'running' && processOf(other) === processOf(container),
  )

/** The chips of one process type. */
export function processMarks(
  { now }: Frame,
  app: Pick<App, 'upstreams' | 'recent'>,
  type: string,
  shown: ProcessesShown,
): readonly Html[] {
  const over = orphansOf(app, shown, now)
  const wanted = wantedOf(type, shown)
  return shownOf(type, shown)
    .filter(({ state, number }) => !(state === 'exited' && wanted !== null && number > wanted))
    .map((container) => {
      const isOver = over.has(container.id)
      const state = isOver ? 'left over' : processState(container, shown.deaths)
      const mark = state === 'starting' ? 'in progress' : state
      return html`<li class="flex max-w-full items-center gap-1.5 rounded-lg border px-2 py-1 text-xs" title="${container.name}"><span class="flex">${stateMark(mark, 'size-3.5')}</span><span class="typed shrink-0 whitespace-nowrap text-xs">${processOf(container)}</span><span class="min-w-0 text-muted-foreground">${isOver ? 'left over, serves nothing ' : words(container, shown.deaths, now)}${moment(momentOf(container, shown.deaths), now)}</span></li>`
    })
}

const momentOf = (container: Container, deaths: ReadonlyMap<string, Deaths>): number =>
  endedOf(container, deaths)?.last.at ?? container.since

const words = (container: Container, deaths: ReadonlyMap<string, Deaths>, now: number): string => {
  const ended = endedOf(container, deaths)
  if (ended !== null) return `${wordsOfEnd(ended)}${ended.loop === null ? ' ' : ', the last '}`
  if (container.state !== 'running') return container.state === 'exited' ? 'stopped ' : `${container.state} `
  const last = deathsOf(container, deaths)
  if (last === undefined) return ''
  const { ooms } = last
  if (ooms !== null && now - ooms.lastAt < 86_400_000)
    return `a process in it was killed for memory ${ooms.count === 1 ? 'once' : `${ooms.count} times`}; running since `
  return last.recent.length === 0 ? '' : 'restarted '
}

/** The process types it is to have and those of which containers are there. */
export const typesOf = ({
  formation,
  containers,
}: Pick<ProcessesShown, 'formation' | 'containers'>): readonly string[] => [
  ...new Set([...formation, ...containers].map(({ processType }) => processType)),
]

const orphansOf = (
  app: Pick<App, 'upstreams' | 'recent'>,
  { containers }: Pick<ProcessesShown, 'containers'>,
  now: number,
): ReadonlySet<string> => leftOver({ containers, deploying: isDeploying(app), upstreams: app.upstreams, now })

/** What a deploy left running, and how it is removed. */
export function leftOverNote({ now }: Frame, app: App, shown: ProcessesShown): Html | '' {
  const over = orphansOf(app, shown, now)
  const names = shown.containers.filter(({ id }) => over.has(id)).map(({ name }) => name)
  return names.length === 0
    ? ''
    : html`<div class="space-y-2 border-t px-4 py-3"><p class="text-muted-foreground-2">Made by a deploy and never put in service: ${names.length === 1 ? 'it gets' : 'they get'} no requests, and Dokku does not remove ${names.length === 1 ? 'it' : 'them'}. On the server:</p>${command(`docker rm --force ${names.join(' ')}`)}</div>`
}

/** Why an app needs attention, and the next step. */
export function attention(frame: Frame, app: App): Html | '' {
  const isUnknown = app.state === 'unknown' && app.stateDetail !== null && !app.front
  if (!isInTrouble(app) && !(isUnknown && app.destroyedAt === null)) return ''
  const { text, lastAt } = reasonFor(app)
  return html`<div role="status" class="mb-6 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border ${isUnknown ? '' : 'border-bad/30 bg-bad-fill/8'} p-4">${icon('warning', `size-4 ${isUnknown ? 'text-muted-foreground' : 'text-bad'}`)}<p class="min-w-0 flex-1 basis-64"><span class="typed font-medium">${app.name}</span> ${text}${lastAt === null ? '' : html`, ${isRepeated(app) ? 'the last ' : ''}${moment(lastAt, frame.now)}`}</p><div class="flex flex-wrap items-center gap-2 empty:hidden">${isUnknown ? '' : nextSteps(frame, app)}</div></div>`
}

const nextSteps = (frame: Frame, { name, state }: App): Html => {
  const link = (text: string, rest: string) =>
    html`<a href="${appHref(name, rest)}" class="button">${text}</a>`
  if (state === 'unreachable')
    return html`${action(frame, {
      verb: 'Rebuild',
      thing: `nginx configuration of ${name}`,
      label: 'Rebuild nginx configuration',
      href: appHref(name, 'proxy-configs'),
      command: `dokku proxy:build-config ${name}`,
      tone: 'primary',
    })}`
  const logs = link('Show logs', 'logs')
  return state === 'killed for memory'
    ? html`${link('Change memory limit', 'processes#limits')}${logs}`
    : logs
}
