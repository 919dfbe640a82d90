/** What a repository holds, as far as a deploy shows it. */
export interface Source {
  /** Procfile: process type → command. */
  readonly processes: Readonly<Record<string, string>>
  readonly build: Build
  /** app.json's tasks. */
  readonly predeploy: Task | null
  readonly postdeploy: Task | null
  /** The predeploy task when it is to fail. */
  readonly brokenPredeploy: Task
  readonly healthchecks: readonly Healthcheck[]
  readonly cron: readonly { readonly command: string; readonly schedule: string }[]
  /** app.json `formation`: then ps:scale is refused. */
  readonly formation: Readonly<Record<string, number>> | null
  /** Which voice each process type speaks with in the running logs (voice.ts). */
  readonly voices: Readonly<Record<string, string>>
}

export interface Task {
  readonly script: string
  /** What it prints. */
  readonly says: string
}

export interface Build {
  readonly from: string
  /** Stands for package.json and its like: when it differs, Docker builds anew from the first COPY on. */
  readonly dependencies: string
  readonly steps: readonly Step[]
  /** EXPOSE: Dokku then maps this port to itself instead of 80. */
  readonly exposes: number | null
  /** What stands in for the step that takes longest when the build is to fail. */
  readonly failing: Step
}

/** One Dockerfile instruction; `lines` are what it prints when it isn't cached, with the second they come. */
export interface Step {
  readonly instruction: string
  readonly seconds: number
  readonly lines: readonly (readonly [second: number, text: string])[]
}

export interface Healthcheck {
  readonly processType: string
  readonly name: string
  readonly path: string
  /** Dokku's own are 3 and 5 seconds. */
  readonly attempts?: number
  readonly timeout?: number
}

const step = (instruction: string, seconds = 0, lines: Step['lines'] = []): Step => ({
  instruction,
  seconds,
  lines,
})

const npmCache = "cache mode is 'only-if-cached' but no cached response is available."
const failing = step(
  'RUN echo "install step" && npm install --omit=dev --no-audit --offline left-pad@1.3.0',
  0.6,
  [
    [0.145, 'install step'],
    [0.563, 'npm error code ENOTCACHED'],
    [0.563, `npm error request to https://registry.example/left-pad failed: ${npmCache}`],
    [
      0.564,
      'npm error A complete log of this run can be found in: /root/.npm/_logs/2026-11-23T01_55_52_325Z-debug-0.log',
    ],
  ],
)

/** The app the recordings were made with. */
export const recordedSource: Source = {
  processes: { web: 'node server.js', worker: 'node worker.js' },
  build: {
    from: 'docker.io/library/node:24-slim',
    dependencies: '',
    steps: [
      step('WORKDIR /app'),
      step('COPY package.json ./'),
      step('RUN echo "install step" && npm install --omit=dev --no-audit --no-fund --offline', 1.3, [
        [0.259, 'install step'],
        [1.198, ''],
        [1.198, 'up to date in 695ms'],
      ]),
      step('COPY . .'),
    ],
    exposes: 5000,
    failing,
  },
  predeploy: { script: 'echo predeploy ran', says: 'predeploy ran' },
  postdeploy: { script: 'echo postdeploy ran', says: 'postdeploy ran' },
  brokenPredeploy: { script: 'echo predeploy bad; exit 7', says: 'predeploy bad' },
  healthchecks: [{ processType: 'web', name: 'web check', path: '/healthz', timeout: 3 }],
  cron: [{ command: "node -e 'console.log(1)'", schedule: '*/30 * * * *' }],
  formation: null,
  voices: { web: 'node server', worker: 'node worker' },
}

/** What git:from-image makes: one line, `FROM image`, and nothing else in the repository. */
export const imageSource = (image: string): Source => ({
  processes: {},
  build: { from: image, dependencies: '', steps: [], exposes: 5000, failing },
  predeploy: null,
  postdeploy: null,
  brokenPredeploy: recordedSource.brokenPredeploy,
  healthchecks: [],
  cron: [],
  formation: null,
  voices: { web: 'node server' },
})
