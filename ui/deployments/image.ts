/** The image build inside a deploy's log: BuildKit's plain progress (`#8 [4/5] RUN npm ci`) or the old builder's (`Step 4/5 : RUN npm ci`). */
import type { Said } from './signs.ts'

/** One step of the build. `place` is "4/5", empty for Docker's own; `vertex` is BuildKit's number for it. */
export interface BuildStep {
  readonly place: string
  readonly command: string
  readonly vertex: string
  /** The line it begins at. */
  readonly line: number
}

export interface BuiltImage {
  readonly last: BuildStep
  readonly failed: BuildStep | null
  readonly id: string
  readonly name: string
}

const NONE: BuildStep = { place: '', command: '', vertex: '', line: 0 }
const MOST_VERTICES = 1000

export interface ImageReader {
  /** True when another step began. */
  line(said: Said): boolean
  reading(): BuiltImage
}

export function imageReader(): ImageReader {
  const vertices = new Map<string, BuildStep>()
  let last = NONE
  let failed: BuildStep | null = null
  let id = ''
  let name = ''

  const begin = (step: BuildStep): void => {
    if (vertices.size < MOST_VERTICES) vertices.set(step.vertex, step)
    if (step.place !== '') last = step
  }

  const buildKit = ({ line, text }: Said): void => {
    const [, vertex, inside, command] = /^#(\d+) \[([^\]]+)\] (.+)$/.exec(text) ?? []
    if (vertex !== undefined && inside !== undefined && command !== undefined) {
      const place = /(?:^|\s)(\d+\/\d+)$/.exec(inside)?.[1] ?? ''
      begin({ place, command: place === '' ? `[${inside}] ${command}` : command, vertex, line })
      return
    }
    const [, broken] = /^#(\d+) ERROR: /.exec(text) ?? []
    if (broken !== undefined) failed = vertices.get(broken) ?? failed
    id = /^#\d+ writing image (sha256:[0-9a-f]{64})/.exec(text)?.[1] ?? id
    name = /^#\d+ naming to (?:docker\.io\/)?(\S+)/.exec(text)?.[1] ?? name
  }

  /** The old builder runs one step at a time: the last one begun is the one that broke. */
  const oldBuilder = ({ line, text }: Said): void => {
    const [, place, command] = /^Step (\d+\/\d+) : (.+)$/.exec(text) ?? []
    if (place !== undefined && command !== undefined) {
      last = { place, command, vertex: '', line }
      failed = last
    }
    id = /^Successfully built ([0-9a-f]{12,64})$/.exec(text)?.[1] ?? id
    name = /^Successfully tagged (\S+)$/.exec(text)?.[1] ?? name
  }

  return {
    line(said) {
      const before = last
      if (said.text.startsWith('#')) buildKit(said)
      else if (said.text.startsWith('S')) oldBuilder(said)
      return last !== before
    },
    reading: () => ({ last, failed, id, name }),
  }
}
