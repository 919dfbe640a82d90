/** Logs as a Dokku 0.38.27 with Docker's old builder wrote them, and what each of them says. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { logReader } from '../../../ui/deployments/reading.ts'
import { hintOf } from './hinted.ts'

const LOGS = new URL('../../fixtures/0.38.27/logs/', import.meta.url)

const NO_BASH = 'could not start: the image has no /bin/bash'
const PROMISED: Readonly<Record<string, readonly [step: string | null, reason: string, hint: RegExp]>> = {
  'build-failure': ['build', 'Build failed at step 6/12 RUN exit 3', /^$/],
  'check-content-failure': [
    'checks',
    "Check 'web check' of web.1 failed: unable to find expected content in response body: nope",
    /without the text its check looks for/,
  ],
  'crash-again-and-again': [
    'crash at start',
    "web.1 ended and was started again 5 times: Error: Cannot find module './nothing'",
    /module is missing/,
  ],
  'crash-behind-http-check': [
    'crash at start',
    'web.1 ended right after its start: Error: no DATABASE_URL',
    /process ended/,
  ],
  'dockerfile-syntax': [
    'build',
    'Build failed: the Dockerfile cannot be read, line 6: unknown instruction: RUNN',
    /line Docker does not understand/,
  ],
  'missing-herokuish': [
    'build',
    'Build failed at step 2/14 FROM $APP_IMAGE: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: no such host',
    /name could not be resolved/,
  ],
  'missing-pack': ['build', 'Build failed: Missing pack, install it', /lacks the program of this builder/],
  'nginx-certificate-of-another-app': [
    'proxy',
    'nginx refused the configuration of another app, blog: cannot load certificate "/home/dokku/blog/tls/server.crt": PEM_read_bio_X509_AUX() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: TRUSTED CERTIFICATE)',
    /takes no change of any app/,
  ],
  'no-bash-predeploy': ['predeploy', `The predeploy task ${NO_BASH}`, /scheduler:set shop shell/],
  'no-bash-release': ['release', `The release task ${NO_BASH}`, /scheduler:set shop shell/],
  'own-nginx-template': [
    'received',
    'The app’s own nginx.conf.sigil is wrong: unknown directive "proxy_bufer_size", in line 1 of what it renders',
    /nothing on the server was changed/,
  ],
  'postdeploy-failure': [
    null,
    'The postdeploy task failed after the app was live: echo postdeploy bad; exit 7',
    /new code was live by then/,
  ],
  'predeploy-failure': [
    'predeploy',
    'The predeploy task failed: echo predeploy bad; exit 7',
    /What ran before/,
  ],
  'release-failure': ['release', 'The release task failed: echo release bad; exit 7', /What ran before/],
  'restart-postdeploy-failure': [
    null,
    'The postdeploy task failed after the app was live: echo postdeploy bad; exit 7',
    /new code was live by then/,
  ],
}
const ENDINGS: Readonly<Record<string, readonly [status: string, reason: string]>> = {
  'other-branch': ['skipped', 'Nothing was deployed: Dokku deploys main, a different branch was pushed'],
  'skip-deploy': ['built', 'Built, not deployed: skip-deploy is set for this app, or for all'],
}

const names = readdirSync(LOGS).map((file) => file.replace(/\.txt$/, ''))

test('every log has its promise', () => {
  expect([...Object.keys(PROMISED), ...Object.keys(ENDINGS)].sort()).toEqual(names.sort())
})

test.each(names)('the log of %s says why it ended as it did', (name) => {
  const reader = logReader()
  const lines = readFileSync(new URL(`${name}.txt`, LOGS), 'utf8').split('\n')
  for (const line of lines) reader.line(line)
  const reading = reader.reading()
  const { failure, ending } = reading
  const [step, reason, hint] = PROMISED[name] ?? [null, '', /never/]
  if (name in ENDINGS) {
    expect(failure).toBeNull()
    expect([ending?.status, ending?.reason]).toEqual(ENDINGS[name])
    return
  }
  expect(ending).toBeNull()
  expect([failure?.step, failure?.reason]).toEqual([step, reason])
  expect(hintOf(lines, reading)).toMatch(hint)
  expect(failure?.lines.length).toBeGreaterThan(0)
})
