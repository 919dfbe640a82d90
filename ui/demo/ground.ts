import { recordedSource, type Source, type Step } from '../dokku/simulator/source.ts'

/** What every repository of the demo begins with: what its build prints and how it speaks. */

type Lines = Step['lines']
export const step = (instruction: string, seconds = 0, lines: Lines = []): Step => ({
  instruction,
  seconds,
  lines,
})

/** Lines spread evenly over the seconds they take. */
export const over = (seconds: number, texts: readonly string[]): Lines =>
  texts.map((text, i) => [Number(((seconds * (i + 1)) / (texts.length + 1)).toFixed(3)), text])

export const plain: Source = {
  ...recordedSource,
  build: { ...recordedSource.build, exposes: null },
  predeploy: null,
  postdeploy: null,
  healthchecks: [],
  cron: [],
}
