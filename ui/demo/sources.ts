import { imageSource, type Source } from '../dokku/simulator/source.ts'
import { over, plain, step } from './ground.ts'
import { django, go, mkdocs, rails } from './languages.ts'

/** Repositories of the demo's apps. */

const eleventy: Source = {
  ...plain,
  processes: { web: 'node server.js' },
  build: {
    ...plain.build,
    failing: step(
      'RUN npm ci --omit=dev',
      2,
      over(2, [
        'npm error code EUSAGE',
        'npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.',
        'npm error Missing: markdown-it@14.1.0 from lock file',
      ]),
    ),
    steps: [
      step('WORKDIR /app'),
      step('COPY package.json package-lock.json ./'),
      step(
        'RUN npm ci --omit=dev',
        9.4,
        over(9, [
          'npm warn deprecated inflight@1.0.6: This module is not supported',
          'added 312 packages in 9s',
          'found 0 vulnerabilities',
        ]),
      ),
      step('COPY . .'),
      step(
        'RUN npm run build',
        6.2,
        over(6, [
          '> blog@4.2.0 build',
          '> eleventy',
          '[11ty] Writing _site/index.html from ./index.njk',
          '[11ty] Writing _site/feed.xml from ./feed.njk',
          '[11ty] Copied 88 Wrote 143 files in 4.91 seconds',
        ]),
      ),
    ],
  },
  healthchecks: [{ processType: 'web', name: 'front page', path: '/' }],
}

const mailer: Source = {
  ...eleventy,
  processes: { worker: 'node deliver.js' },
  healthchecks: [],
  voices: { worker: 'mailer' },
}
const status: Source = {
  ...eleventy,
  processes: { web: 'node server.js', prober: 'node probe.js' },
  voices: { web: 'node server', prober: 'probes' },
}
const php: Source = {
  ...plain,
  processes: { web: 'apache2-foreground' },
  build: { ...plain.build, from: 'docker.io/library/php:7.4-apache', steps: [step('COPY . /var/www/html')] },
  voices: { web: 'php' },
}
const image = (name: string): Source => ({
  ...imageSource(name),
  build: { ...imageSource(name).build, exposes: null },
  voices: { web: 'php' },
})

export const SOURCES = {
  eleventy,
  rails,
  go,
  mkdocs,
  django,
  mailer,
  status,
  php,
  wiki: image('requarks/wiki:2'),
} as const

/** The same repository after its dependencies changed: Docker has to fetch them again. */
export const withNewDependencies = (source: Source, version: string): Source => ({
  ...source,
  build: { ...source.build, dependencies: version },
})
