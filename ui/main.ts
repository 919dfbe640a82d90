import './require-node.ts'
import { mkdirSync, readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { actions } from './actions.ts'
import { openDatabase } from './database/database.ts'
import { allowedBy, gateAt, remakeOutbox, reservedBy } from './dokku/gate.ts'
import { localDokku } from './dokku/local.ts'
import { reachability } from './dokku/reachability.ts'
import { live } from './live/live.ts'
import { copies } from './logs/copies.ts'
import { lookups } from './lookups.ts'
import { panel } from './panel.ts'
import { recorder } from './recorder.ts'
import { recording } from './recording.ts'
import { retention } from './retention.ts'
import { readSettings, type Settings } from './settings.ts'
import { isVerb, runVerb, VERB_NAMES } from './verbs.ts'
import { assets } from './web/assets.ts'
import { closeAll } from './web/close-all.ts'
import { logConsole, newLogger } from './web/logger.ts'
import { messageOf } from './web/message-of.ts'
import { metrics, serveMetrics } from './web/metrics.ts'
import { selfCheck } from './web/self-check.ts'
import { httpServer } from './web/server.ts'
import { visible } from './web/visible.ts'

const settings = settingsOrExit()
const [verb = 'serve', ...words] = process.argv.slice(2)
if (verb === 'serve')
  await serve(settings).catch((error: unknown) => exit(`Dokkubase cannot start: ${messageOf(error)}`))
else if (isVerb(verb)) await runVerb(verb, words, { settings, version: version() })
else exit(`${verb} is not known: serve (default) or ${VERB_NAMES.join(', ')}`)

async function serve(settings: Settings) {
  const logger = newLogger(settings.logLevel)
  logConsole(logger)
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'an unexpected error: the panel ends, to be started again')
    process.exit(1)
  })
  mkdirSync(settings.data, { recursive: true, mode: 0o700 })
  const db = openDatabase(`${settings.data}/dokkubase.db`)
  const figures = metrics()
  const changes = live()
  const journal = recording(db, changes, Date.now, (error) =>
    logger.error({ err: error }, 'what follows a recorded event failed'),
  )
  const gate = gateAt({
    script: settings.gate,
    user: settings.gateUser,
    dokku: settings.dokku,
    dokkuLibRoot: settings.dokkuLibRoot,
  })
  const reachable = reachability({
    dokku: localDokku({
      gate,
      onEnded: ([command], exit, ms) => figures.commands.observe({ command, exit: String(exit) }, ms / 1000),
    }),
    now: Date.now,
    onChange(unreachable) {
      changes.publish(['panel'])
      if (unreachable !== null) return logger.error({ reason: unreachable.reason }, 'Dokku does not answer')
      logger.info('Dokku answers again')
      listening.answersAgain()
    },
  })
  const { dokku } = reachable
  const log = copies({
    db,
    builds: `${settings.dokkuLibRoot}/data/builds`,
    onProgress: ({ id }) => changes.publish([`deployment:${id}`]),
    onError: (error) => logger.warn({ err: error }, 'a build log could not be copied'),
    onMended: () => logger.info('build logs are copied again'),
  })
  const listening = recorder({
    settings,
    db,
    live: changes,
    journal,
    dokku,
    allowed: () => allowedBy(gate),
    remakeOutbox: () => remakeOutbox(gate),
    reserved: () => reservedBy(gate),
    log,
    logger,
    metrics: figures,
    now: Date.now,
  })
  const jobs = await actions({ settings, db, live: changes, gate, logger, onOver: listening.jobOver })
  const names = lookups({ db, live: changes, settings, logger })
  const web = panel({
    settings,
    version: version(),
    db,
    live: changes,
    dokku,
    copies: log,
    jobs,
    looks: listening.looks,
    lookUp: names.want,
    unreachable: reachable.status,
    journal,
    outbox: () => listening.outbox.status(),
    containers: listening.containers,
    assets: assets(),
    metrics: figures,
    logger,
    clock: Date.now,
  })

  const old = retention({
    db,
    settings,
    clock: Date.now,
    onError: (error) => logger.warn({ err: error }, 'what is old could not be removed'),
  })

  const server = httpServer(web.fetch)
  server.on('error', (error) =>
    exit(`Dokkubase cannot listen on ${settings.host}:${settings.port}: ${error.message}`),
  )
  server.listen(settings.port, settings.host, () => {
    logger.info({ origin: settings.origin }, 'listening')
    listening.start().catch((error: unknown) => logger.error({ err: error }, 'the recorder could not start'))
    old.start()
    names.start()
    jobs.start().catch((error: unknown) => logger.error({ err: error }, 'jobs could not start'))
  })
  const metricsServer = serveMetrics(figures, {
    socket: settings.metricsSocket,
    beforeRead: () => figures.waiting.set(listening.outbox.status().waiting),
    onError: (error) => logger.warn({ err: error }, 'metrics cannot be served'),
  })
  const watchdog = selfCheck({
    check: web.check,
    onFailed: (error) => logger.error({ err: error }, 'the panel cannot serve its own sign-in page'),
    onBroken() {
      logger.fatal('the panel can serve no page: it ends, to be started again')
      void end(1)
    },
  })
  watchdog.start()

  let ending = false
  const end = async (exitCode: number) => {
    if (ending) return
    ending = true
    const steps: Parameters<typeof closeAll>[0] = [
      ['self-check', watchdog.stop],
      ['server', () => stopListening(server)],
      ['metrics', () => metricsServer.close()],
      ['retention', old.stop],
      ['reachability', reachable.stop],
      ['lookups', names.stop],
      ['recorder', listening.stop],
      ['jobs', jobs.close],
      ['logs', log.close],
      ['panel', web.close],
      ['database', () => db.$client.close()],
    ]
    await closeAll(steps, { onError: (step, error) => logger.error({ err: error, step }, 'not closed') })
    process.exit(exitCode)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      logger.info({ signal }, 'ending')
      void end(0)
    })
}

/** Open streams would keep it open. */
function stopListening(server: Server): void {
  server.close()
  server.closeAllConnections()
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    return exit(messageOf(error))
  }
}

function exit(reason: string): never {
  process.stderr.write(visible(`${reason}\n`))
  process.exit(1)
}

/** The one version number, from plugin.toml beside ui/ or dist/. */
function version(): string {
  const toml = readFileSync(new URL('../plugin.toml', import.meta.url), 'utf8')
  return /^version\s*=\s*"(.+)"$/m.exec(toml)?.[1] ?? 'unknown'
}
