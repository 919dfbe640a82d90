/**
 * Which keys of config Dokku's scripts would take for their own variables.
 *
 * Dokku evaluates an app's config in the scope of its scripts, among their local variables, and so exports it to every
 * program they start. A key is as good as root where a script expands a variable of that name which it has not set
 * since: it then runs, reads or writes what the config says. A variable that is always set first is safe, whatever the
 * config holds.
 *
 * Each function is judged by itself: at its begin, and after each step that evaluates config, any name may come from
 * config. This reserves some names too many, since a function may rely on what its caller set, and none too few.
 */
import type { Body } from './bash.ts'
import type { Step } from './words.ts'

/** Functions that evaluate config or, outside of subshells, call one that does. */
export function evaluatorsAmong(bodies: readonly Body[]): ReadonlySet<string> {
  const found = new Set<string>()
  const callers = new Map<string, string[]>()
  for (const { name, steps } of bodies) {
    if (name === null) continue
    for (const step of outsideSubshells(steps)) {
      if (step.kind === 'evaluate') found.add(name)
      if (step.kind !== 'call') continue
      const of = callers.get(step.name) ?? []
      of.push(name)
      callers.set(step.name, of)
    }
  }
  // A set grows while it is walked through: callers of callers follow.
  for (const name of found) for (const caller of callers.get(name) ?? []) found.add(caller)
  return found
}

function* outsideSubshells(steps: readonly Step[]): Generator<Step> {
  const scopes: boolean[] = []
  let subshells = 0
  for (const step of steps) {
    if (step.kind === 'open') {
      scopes.push(step.as === 'subshell')
      if (step.as === 'subshell') subshells += 1
    } else if (step.kind === 'close') {
      if (scopes.pop()) subshells -= 1
    } else if (subshells === 0) yield step
  }
}

/** Names a function or script expands while config may have said what they hold. */
export function readFromConfig(steps: readonly Step[], evaluators: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>()
  const own = ownValues()
  const loops = loopsThatEvaluate(steps, evaluators)
  for (const [at, step] of steps.entries()) {
    if (step.kind === 'read') {
      if (!own.has(step.name)) found.add(step.name)
    } else if (step.kind === 'set') own.add(step.name)
    else if (step.kind === 'close') own.leave()
    else if (step.kind === 'open') {
      own.enter(step.as === 'subshell')
      if (loops.has(at)) own.clear()
    } else if (evaluates(step, evaluators)) own.clear()
  }
  return found
}

/** All names that a function or script uses which evaluates config; none of one that does not. */
export function heldWhileEvaluating(
  steps: readonly Step[],
  evaluators: ReadonlySet<string>,
): ReadonlySet<string> {
  for (const step of outsideSubshells(steps))
    if (evaluates(step, evaluators))
      return new Set(steps.flatMap((one) => (one.kind === 'read' || one.kind === 'set' ? [one.name] : [])))
  return new Set()
}

const evaluates = (step: Step, evaluators: ReadonlySet<string>): boolean =>
  step.kind === 'evaluate' || (step.kind === 'call' && evaluators.has(step.name))

/** Names that hold what the script gave them. What is set in a branch or subshell is not sure to be behind it. */
function ownValues() {
  /** A name is in it with the time at which it was set; only since the last clearing it counts. */
  const names = new Map<string, number>()
  const scopes: {
    readonly isSubshell: boolean
    readonly since: number
    readonly undo: [string, number | undefined][]
  }[] = []
  let since = 0
  let times = 0
  return {
    has: (name: string) => names.get(name) === since,
    add(name: string): void {
      scopes.at(-1)?.undo.push([name, names.get(name)])
      names.set(name, since)
    },
    clear(): void {
      times += 1
      since = times
    },
    enter: (isSubshell: boolean) => void scopes.push({ isSubshell, since, undo: [] }),
    leave(): void {
      const scope = scopes.pop()
      for (const [name, before] of scope?.undo.reverse() ?? []) {
        if (before === undefined) names.delete(name)
        else names.set(name, before)
      }
      if (scope?.isSubshell) since = scope.since
    },
  }
}

/** Where a loop opens that evaluates config: at its second turn, what was set before it is gone. */
function loopsThatEvaluate(steps: readonly Step[], evaluators: ReadonlySet<string>): ReadonlySet<number> {
  const found = new Set<number>()
  const open: number[] = []
  /** Loops that are open and did not evaluate it yet. */
  let loops: number[] = []
  for (const [at, step] of steps.entries()) {
    if (step.kind === 'open') {
      open.push(at)
      if (step.as === 'loop') loops.push(at)
    } else if (step.kind === 'close') {
      if (open.pop() === loops.at(-1)) loops.pop()
    } else if (evaluates(step, evaluators)) {
      for (const loop of loops) found.add(loop)
      loops = []
    }
  }
  return found
}
