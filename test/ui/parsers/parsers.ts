/** Every parser of text from outside, by the file it is in; what it throws is an answer too. */

import { z } from 'zod'
import { returnPath } from '../../../ui/accounts/return-path.ts'
import { device } from '../../../ui/accounts/session.ts'
import { startTicksOf } from '../../../ui/builds/process.ts'
import { issuerName } from '../../../ui/certificates/certificate.ts'
import { meaning } from '../../../ui/certificates/letsencrypt.ts'
import { holdsKey, readCertificates, readKey } from '../../../ui/certificates/pem.ts'
import { untar } from '../../../ui/certificates/tar.ts'
import { insteadOfPair, oddInKey, oddInValue } from '../../../ui/config/characters.ts'
import { readPairs } from '../../../ui/config/command.ts'
import { formatDotenv, parseDotenv } from '../../../ui/config/dotenv.ts'
import { PasteForm } from '../../../ui/config/paste.ts'
import { archiveTypeOf } from '../../../ui/deployments/archive.ts'
import { causeLine, likelyReason } from '../../../ui/deployments/cause-lines.ts'
import { BUILDERS } from '../../../ui/deployments/causes/builders.ts'
import type { Cause } from '../../../ui/deployments/causes/cause.ts'
import { causeOf, unprefixed } from '../../../ui/deployments/causes/causes.ts'
import { CODE } from '../../../ui/deployments/causes/code.ts'
import { DEPLOY } from '../../../ui/deployments/causes/deploy.ts'
import { GIT } from '../../../ui/deployments/causes/git.ts'
import { IMAGES } from '../../../ui/deployments/causes/images.ts'
import { CONNECTIONS, HOSTS } from '../../../ui/deployments/causes/network.ts'
import { PACKAGES } from '../../../ui/deployments/causes/packages.ts'
import { RESOURCES } from '../../../ui/deployments/causes/resources.ts'
import { RUNTIME } from '../../../ui/deployments/causes/runtime.ts'
import { SYSTEM } from '../../../ui/deployments/causes/system.ts'
import { VERSIONS } from '../../../ui/deployments/causes/versions.ts'
import { NOTHING_TO_CANCEL } from '../../../ui/deployments/command.ts'
import { titleOf } from '../../../ui/deployments/deployment.ts'
import { endingOf } from '../../../ui/deployments/ending.ts'
import { hintFor } from '../../../ui/deployments/hint.ts'
import { imageReader } from '../../../ui/deployments/image.ts'
import { DeploymentsQuery } from '../../../ui/deployments/list.ts'
import { isLockRefusal } from '../../../ui/deployments/lock.ts'
import { logReader } from '../../../ui/deployments/reading.ts'
import { signOf } from '../../../ui/deployments/signs.ts'
import { readLine } from '../../../ui/dokku/container.ts'
import { entryOf } from '../../../ui/dokku/cron-id.ts'
import { spoken } from '../../../ui/dokku/dokku.ts'
import { JobName } from '../../../ui/dokku/gate.ts'
import * as names from '../../../ui/dokku/names.ts'
import * as reports from '../../../ui/dokku/report.ts'
import { typedBeside } from '../../../ui/domains/command.ts'
import { isAddress, isCertifiable, isRemovable, removedBesides } from '../../../ui/domains/domain.ts'
import { isAddressOrNetwork, ownAddresses, pointing } from '../../../ui/domains/pointing.ts'
import { isLookedUp } from '../../../ui/domains/resolving.ts'
import { type Event, formatEventFile, noCaller, parseEventFile, runOf } from '../../../ui/events/event.ts'
import { EventsQuery } from '../../../ui/events/list.ts'
import { sentence, spoken as text } from '../../../ui/events/words.ts'
import { typed, withoutPassword } from '../../../ui/jobs/job.ts'
import { JobsQuery } from '../../../ui/jobs/list.ts'
import { masking } from '../../../ui/jobs/masking.ts'
import { saidBy } from '../../../ui/jobs/said.ts'
import { alone, ansiStream, leftOn } from '../../../ui/logs/ansi.ts'
import { withoutCredentials } from '../../../ui/logs/credentials.ts'
import { openBuildLog } from '../../../ui/logs/file.ts'
import { coloured, plain, settled } from '../../../ui/logs/line.ts'
import { escaped } from '../../../ui/logs/lines.ts'
import { linesOf } from '../../../ui/logs/log.ts'
import { lineOf } from '../../../ui/logs/message.ts'
import { outputLine } from '../../../ui/logs/output.ts'
import { splitter } from '../../../ui/logs/splitter.ts'
import { withoutTrace } from '../../../ui/logs/trace.ts'
import { EventBatch, refusalOf } from '../../../ui/outbox/remote.ts'
import { follow } from '../../../ui/processes/following.ts'
import * as formation from '../../../ui/processes/formation.ts'
import * as mounts from '../../../ui/properties/mounts.ts'
import { buffersRefusal, NGINX } from '../../../ui/properties/nginx.ts'
import { Mappings } from '../../../ui/properties/ports.ts'
import { PROPERTIES } from '../../../ui/properties/properties.ts'
import { asksForPassword } from '../../../ui/reconcile/plugin-reports.ts'
import { runKinds } from '../../../ui/runs/command.ts'
import { wordsOf } from '../../../ui/runs/line.ts'
import { nextRun, scheduleWords } from '../../../ui/runs/schedule.ts'
import { wantedOf } from '../../../ui/search/search.ts'
import { leadsHere } from '../../../ui/web/frame.ts'
import { subscriberOf } from '../../../ui/web/subscriber.ts'
import { visible, visibleLine } from '../../../ui/web/visible.ts'
import { hookEvent } from '../story/events.ts'

type Parser = (text: string) => unknown

const event = (changes: object) => ({
  trigger: 'post-config-update',
  args: ['shop', 'set'],
  origin: 'told' as const,
  note: '',
  buildSource: '',
  caller: noCaller,
  actor: 'ada',
  app: 'shop',
  ...changes,
})

const told = (changes: Partial<Event>) =>
  hookEvent({ id: '1795397599.000001-1-1', trigger: 'post-create', at: 0, args: ['shop'], ...changes })

const deployment = {
  source: 'git-hook',
  kind: 'build',
  door: 'ssh',
  sourceType: '',
  sourceMetadata: '',
} as const

/** Longer ones are refused before they are read. */
const MOST_PEM = 119_000

/** Each schema among the exports of a file. */
const schemas = (exported: Readonly<Record<string, unknown>>): Readonly<Record<string, Parser>> =>
  Object.fromEntries(
    Object.entries(exported).flatMap(([name, value]) =>
      value instanceof z.ZodType ? [[name, (text: string) => value.safeParse(text)]] : [],
    ),
  )

const eachLine = (read: (line: string) => unknown): Parser => {
  return (text) => {
    for (const line of text.split('\n')) read(line)
  }
}

/** How Dokku, Docker, git and nginx begin to say that something failed: what follows may be the app's own words. */
const FAILING = [
  ' !     App build failed',
  " !     Failure in name='web check': ",
  ' !     Execution of predeploy task failed: ',
  ' !     Cannot parse app.json: ',
  '2026/11/20 10:00:00 [emerg] 1#1: ',
  '/usr/bin/dokku: line 1: ',
  'Error response from daemon: ',
  'fatal: ',
  ' !     Unable to update schedule file: ',
  '#5 ERROR: ',
]

/** Every pattern, also those behind one that matched. */
const matching =
  (causes: readonly Cause[]): Parser =>
  (text) =>
    causes.map(({ when }) => when.map((words) => words.test(text)))

export const PARSERS: Readonly<Record<string, Readonly<Record<string, Parser>>>> = {
  'ui/accounts/return-path.ts': { returnPath },
  'ui/accounts/session.ts': { device },
  'ui/builds/process.ts': { startTicksOf },
  'ui/certificates/letsencrypt.ts': { meaning: (text) => meaning([text]) },
  'ui/certificates/pem.ts': {
    readCertificates: (text) => readCertificates(text.slice(0, MOST_PEM)),
    readKey: (text) => readKey(text.slice(0, MOST_PEM)),
    'inside of a certificate': (text) =>
      readCertificates(
        `-----BEGIN CERTIFICATE-----\n${text.slice(0, MOST_PEM)}x\n-----END CERTIFICATE-----\n`,
      ),
    holdsKey,
  },
  'ui/certificates/tar.ts': { untar: (text) => untar(Buffer.from(text)) },
  'ui/certificates/certificate.ts': { issuerName },
  'ui/config/characters.ts': { oddInKey, oddInValue, insteadOfPair },
  'ui/config/command.ts': { readPairs },
  'ui/config/dotenv.ts': { parseDotenv, formatDotenv: (text) => formatDotenv([['KEY', text]]) },
  'ui/config/paste.ts': { PasteForm: (text) => PasteForm(() => null, new Map()).safeParse({ text }) },
  'ui/deployments/command.ts': {
    'what canceling says': (text) => NOTHING_TO_CANCEL.map(([words]) => words.test(text)),
  },
  'ui/deployments/deployment.ts': { titleOf: (subject) => titleOf({ ...deployment, subject }) },
  'ui/deployments/ending.ts': { endingOf: (text) => endingOf({ line: 1, text }) },
  'ui/deployments/archive.ts': { archiveTypeOf: (text) => archiveTypeOf(Buffer.from(text)) },
  'ui/deployments/failures.ts': {
    'each kind of failure': (text) => {
      for (const words of FAILING) {
        const reader = logReader()
        for (let from = 0; from < Math.min(text.length, 40_000); from += 2000)
          reader.line(text.slice(from, from + 2000))
        reader.line(words + text)
        reader.reading()
      }
    },
  },
  'ui/deployments/causes/builders.ts': { BUILDERS: matching(BUILDERS) },
  'ui/deployments/causes/code.ts': { CODE: matching(CODE) },
  'ui/deployments/causes/deploy.ts': { DEPLOY: matching(DEPLOY) },
  'ui/deployments/causes/git.ts': { GIT: matching(GIT) },
  'ui/deployments/causes/images.ts': { IMAGES: matching(IMAGES) },
  'ui/deployments/causes/packages.ts': { PACKAGES: matching(PACKAGES) },
  'ui/deployments/causes/resources.ts': { RESOURCES: matching(RESOURCES) },
  'ui/deployments/causes/runtime.ts': { RUNTIME: matching(RUNTIME) },
  'ui/deployments/causes/system.ts': { SYSTEM: matching(SYSTEM) },
  'ui/deployments/causes/versions.ts': { VERSIONS: matching(VERSIONS) },
  'ui/deployments/causes/network.ts': { both: matching([...HOSTS, ...CONNECTIONS]) },
  'ui/deployments/causes/causes.ts': { unprefixed, causeOf },
  'ui/deployments/cause-lines.ts': {
    causeLine: (text) => causeLine({ line: 1, text }),
    likelyReason: (text) => likelyReason([{ line: 1, text }]),
  },
  'ui/deployments/signs.ts': { signOf },
  'ui/deployments/hint.ts': {
    hintFor: (text) =>
      hintFor({ step: 'build', reason: text, lines: [1] }, [{ line: 1, text }], {
        app: 'shop',
        keepsRunning: true,
      }),
  },
  'ui/deployments/image.ts': { imageReader: (text) => imageReader().line({ line: 1, text }) },
  'ui/deployments/list.ts': {
    DeploymentsQuery: (text) => DeploymentsQuery.parse({ status: text, app: text, actor: text, day: text }),
  },
  'ui/deployments/lock.ts': { isLockRefusal },
  'ui/deployments/reading.ts': {
    'a line': (text) => logReader().line(text),
    lines: (text) => {
      const reader = logReader()
      eachLine((line) => reader.line(line))(text)
      return reader.reading()
    },
    'long lines': (text) => {
      const reader = logReader()
      for (let from = 0; from < text.length; from += 16_384) reader.line(text.slice(from, from + 16_384))
      return reader.reading()
    },
  },
  'ui/dokku/container.ts': {
    'a line of docker events': readLine,
    'a listed container': (text) =>
      readLine(
        JSON.stringify({
          ...{ kind: 'container', app: text, container_type: 'deploy', process: text, dyno: text, id: text },
          ...{ name: text, image_id: text, image: text, created_at: text, started_at: text, status: text },
          ...{ finished_at: text, exit_code: 0, oom_killed: false, restarts: 0, restart_policy: text },
          ...{ max_restarts: 0, memory_limit: 0, addresses: [text, null] },
        }),
      ),
    'a listed app': (text) =>
      readLine(
        JSON.stringify({
          ...{ kind: 'app', app: text, next_image_id: text, scheduler: text, proxy: text },
          ...{ web_listener: text, upstreams: [text], current: [text], access: [text] },
        }),
      ),
  },
  'ui/dokku/cron-id.ts': { entryOf },
  'ui/dokku/dokku.ts': { spoken },
  'ui/dokku/gate.ts': schemas({ JobName }),
  'ui/dokku/names.ts': schemas(names),
  'ui/dokku/report.ts': {
    readAppsList: reports.readAppsList,
    readReport: reports.readReport,
    readFormation: reports.readFormation,
    readConfigKeys: reports.readConfigKeys,
    readBuildRecord: reports.readBuildRecord,
    readCron: reports.readCron,
    'one report a line': (text) => reports.readAllReports(text, []),
    'names in a report': (text) => reports.readDomainsReport({ 'app-vhosts': text }),
    'a certificate': (text) =>
      reports.readCertificateReport({ enabled: 'true', hostnames: text, 'expires-at': text }),
  },
  'ui/domains/command.ts': schemas({
    Domains: typedBeside(['Shop.Example.com', '*', 'a..b'], names.AppDomain),
  }),
  'ui/domains/domain.ts': {
    isAddress,
    isCertifiable,
    isRemovable,
    removedBesides: (text) => removedBesides(text, ['shop.example.com']),
  },
  'ui/domains/pointing.ts': {
    isAddressOrNetwork,
    'a DNS answer': (text) => pointing(text.split('\n').slice(0, 16), ownAddresses(['203.0.113.7'], {})),
  },
  'ui/domains/resolving.ts': { isLookedUp },
  'ui/events/event.ts': {
    'a file': (text) => parseEventFile(Buffer.from(`${text}\n`), 'local'),
    'fields of a file': (text) => {
      const fields = text.slice(0, 200_000)
      const { caller, ...rest } = event({ note: fields, args: fields.split('\0') })
      const id = '1795397599.000001-1-1'
      const whole = { ...rest, id, host: 'local', at: 0, buildId: '', logFile: '', caller }
      return parseEventFile(formatEventFile(whole), 'local')
    },
    runOf: (note) => runOf({ note }),
  },
  'ui/events/list.ts': { EventsQuery: (text) => EventsQuery.parse({ kind: text, app: text, before: text }) },
  'ui/events/words.ts': {
    'a sentence': (words) => text(sentence(event({ args: ['shop', 'set', ...words.split('\n')] }))),
    'a formation': (words) => text(sentence(event({ trigger: 'formation-seen', args: ['shop', words] }))),
    'a run': (note) => text(sentence(event({ trigger: 'scheduler-post-run', note }))),
  },
  'ui/jobs/job.ts': { withoutPassword, typed: (text) => typed(['dokku', text]) },
  'ui/jobs/list.ts': { JobsQuery: (text) => JobsQuery.parse({ state: text, app: text, downTo: text }) },
  'ui/jobs/masking.ts': {
    'a line': (text) => masking(['a secret'])(Buffer.from(text)),
    'a secret': (text) => masking([text])(Buffer.from('a line')),
  },
  'ui/jobs/said.ts': { saidBy: (text) => saidBy({ last: () => 1, read: () => [[1, 0, text]] }, 4)(1) },
  'ui/logs/ansi.ts': {
    markup: (text) => alone(ansiStream(), text.slice(0, 20_000)),
    leftOn: (text) => leftOn('', text),
  },
  'ui/logs/credentials.ts': { withoutCredentials: (text) => withoutCredentials(Buffer.from(text)) },
  'ui/logs/file.ts': { openBuildLog: (text) => openBuildLog(text, '/tmp') },
  'ui/logs/line.ts': { settled, plain, coloured },
  'ui/logs/lines.ts': { escaped },
  'ui/logs/log.ts': { linesOf: (text) => linesOf(Buffer.from(`${text}\n`), 1, []) },
  'ui/logs/message.ts': { lineOf: (text) => lineOf('', text) },
  'ui/logs/output.ts': { outputLine },
  'ui/logs/trace.ts': { withoutTrace: (text) => withoutTrace()(Buffer.from(`+ ${text}`)) },
  'ui/logs/splitter.ts': {
    splitter: (text) => {
      const lines = splitter(16 * 1024)
      const all = Buffer.from(text)
      for (let from = 0; from < all.length; from += 65_536) {
        lines.push(all.subarray(from, from + 65_536))
        while (lines.next() !== null);
      }
      return lines.rest()
    },
  },
  'ui/outbox/remote.ts': {
    EventBatch: (text) =>
      EventBatch.safeParse({ host: text, events: [{ id: text, trigger: text, args: [text], note: text }] }),
    'an app': (text) => refusalOf(told({ args: [text] }), 0),
    'a caller': (text) => refusalOf(told({ caller: { ...noCaller, sshName: text } }), 0),
    'a log file': (text) => refusalOf(told({ logFile: `/${text}` }), 0),
    'a build': (text) => refusalOf(told({ buildId: text }), 0),
  },
  'ui/processes/formation.ts': schemas(formation),
  'ui/processes/following.ts': {
    follow: (name) => {
      const line = {
        id: 'a',
        app: 'shop',
        processType: 'web',
        number: 1,
        action: 'start',
        state: '',
      } as const
      return follow(1, undefined, { ...line, name, exitCode: null, signal: null, at: 0, facts: null })
    },
  },
  'ui/properties/mounts.ts': schemas(mounts),
  'ui/properties/nginx.ts': {
    values: (text) => NGINX.map(({ as }) => as.safeParse(text)),
    buffersRefusal: (text) => buffersRefusal(() => text),
  },
  'ui/properties/ports.ts': { Mappings: (text) => Mappings.safeParse([text]) },
  'ui/properties/properties.ts': { values: (text) => PROPERTIES.map(({ as }) => as.safeParse(text)) },
  'ui/runs/command.ts': {
    runKinds: (text) =>
      runKinds.map(({ read }) => answer(() => read({ app: 'shop', program: text, words: [text], id: text }))),
  },
  'ui/runs/line.ts': { wordsOf },
  'ui/runs/schedule.ts': { scheduleWords, nextRun: (text) => nextRun(text, 0, 'UTC') },
  'ui/search/search.ts': { wantedOf },
  'ui/reconcile/plugin-reports.ts': { asksForPassword },
  'ui/web/frame.ts': { leadsHere },
  'ui/web/subscriber.ts': { subscriberOf },
  'ui/web/visible.ts': { visible, visibleLine },
}

/** What a parser throws is its answer too. */
export function answer(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
