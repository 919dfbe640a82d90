/**
 * What pages say of an app, from what was observed of it. Pure, and the one place where this is decided, so that no two
 * pages and no two sentences contradict each other.
 */
import type { DeploymentInBrief } from '../deployments/deployment.ts'
import type { Next, WhatRuns } from '../deployments/running.ts'
import { type Access, OPEN } from '../properties/access.ts'
import { type App, hasVisitors, isInTrouble, stateOf } from './app.ts'
import { fate, type Running, type Status, shortImage, UNKNOWN_IMAGE, type Warning } from './status.ts'

export interface Observation {
  readonly app: App
  readonly runs: WhatRuns
  readonly next: Next
  /** By id, those whose code runs or starts next. */
  readonly deployments: ReadonlyMap<number, DeploymentInBrief>
  /** As the reports of Dokku's plugins say. */
  readonly access: Access
}

export function statusOf(observed: Observation): Status {
  const { app, access } = observed
  const isVisited = hasVisitors(app)
  return {
    state: stateOf(app),
    needsAttention: isInTrouble(app),
    running: runningOf(observed),
    warning: isVisited ? warningOf(observed) : null,
    access: isVisited ? access : OPEN,
  }
}

function runningOf({ app, runs, deployments }: Observation): Running {
  const of = (code: number | null) => (code === null ? null : (deployments.get(code) ?? null))
  if (app.destroyedAt !== null) return { kind: 'nothing', because: 'The app was destroyed.' }
  if (app.front) return { kind: 'panel' }
  if (runs.basis === 'images') {
    const codes = runs.codes.map(({ code, imageId, processes }) => ({
      deployment: of(code),
      imageId,
      processes,
    }))
    return {
      kind: 'code',
      codes,
      unsure: app.state === 'unknown' ? 'As Docker told last: it is not read now.' : '',
    }
  }
  const because = WHY_NOTHING[app.state]
  if (runs.basis === 'nothing' || because !== undefined)
    return { kind: 'nothing', because: because ?? NO_CONTAINER }
  const deployment = of(runs.code)
  return {
    kind: 'code',
    codes: [{ deployment, imageId: null, processes: [] }],
    unsure:
      deployment === null
        ? 'Not known: Docker was not read.'
        : 'As it was deployed last: Docker was not read since.',
  }
}

/** States in which no container runs. */
const NO_CONTAINER = 'No container of it runs.'
const WHY_NOTHING: Readonly<Partial<Record<App['state'], string>>> = {
  stopped: NO_CONTAINER,
  stopping: 'Its containers are being stopped.',
  starting: 'Its containers are being started.',
  crashed: 'Its processes have ended by themselves.',
  'not deployed': 'Nothing of it was live yet.',
}

const WHEN = 'The next restart, scaling or change of config'

function warningOf({ app, runs, next, deployments }: Observation): Warning | null {
  if (next.kind === 'nothing')
    return app.state === 'not deployed'
      ? null
      : {
          kind: 'no image',
          deployment: null,
          text: `Dokku has no image of this app. ${WHEN} fails until a deploy has built one.`,
          brief: 'no image',
        }
  if (next.kind !== 'other') return null
  const nothingRuns = runs.basis === 'nothing'
  const deployment = next.code === null ? null : (deployments.get(next.code) ?? null)
  if (deployment === null) {
    if (nothingRuns) return null
    const text = `${WHEN} starts another image than runs now, ${shortImage(next.imageId ?? '')}. ${UNKNOWN_IMAGE}`
    return { kind: 'unknown image', deployment, text, brief: 'another image starts next' }
  }
  // What went live is no surprise to whoever starts the app again.
  if (nothingRuns && deployment.liveAt !== null) return null
  const starts = next.imageId === null ? 'may start' : 'starts'
  const unsure = next.imageId === null ? ' That is not certain: Docker was not read.' : ''
  return {
    kind: 'other code',
    deployment,
    text: `${WHEN} ${starts} the code of #${deployment.number}${fate(deployment)}${insteadOf(runs, next.code)}.${unsure}`,
    brief: `#${deployment.number} starts next`,
  }
}

/** What runs now beside it, in a word. */
function insteadOf(runs: WhatRuns, code: number | null): string {
  if (runs.basis !== 'images') return runs.basis === 'nothing' ? '' : ', not what runs now'
  const own = runs.codes.find((one) => one.code === code)
  return own === undefined ? ', not what runs now' : `, which only ${own.processes.join(', ')} runs now`
}
