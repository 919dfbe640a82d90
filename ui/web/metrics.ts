import { existsSync, unlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { quietly } from './quietly.ts'

/** The panel's own figures, in Prometheus form. Recording one never throws. */
export function metrics() {
  const registry = new Registry()
  const registers = [registry]
  processFigures(registers)
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) => {
    const made = new Counter({ name, help, labelNames: [...labelNames], registers })
    return { inc: (labels: Readonly<Record<Label, string>>) => quietly(() => made.inc(labels)) }
  }
  const setAside = new Counter({
    name: 'dokkubase_events_set_aside_total',
    help: 'Outbox files that could not be read as events',
    registers,
  })
  const waiting = new Gauge({
    name: 'dokkubase_outbox_waiting',
    help: 'Outbox files not yet recorded',
    registers,
  })
  const commands = new Histogram({
    name: 'dokkubase_dokku_command_seconds',
    help: 'Dokku commands the panel ran, by command and exit code',
    labelNames: ['command', 'exit'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers,
  })
  return {
    registry,
    events: counter(
      'dokkubase_events_total',
      'Events recorded, by origin (told by Dokku, seen by the panel)',
      ['origin'],
    ),
    setAside: { inc: () => quietly(() => setAside.inc()) },
    waiting: { set: (count: number) => quietly(() => waiting.set(count)) },
    commands: {
      observe: (labels: { readonly command: string; readonly exit: string }, seconds: number) =>
        quietly(() => commands.observe(labels, seconds)),
    },
    errors: counter('dokkubase_errors_total', 'Errors answered or met in the background, by type', ['type']),
  }
}

/** prom-client's own set watches the event loop a hundred times a second; these cost nothing until they are read. */
function processFigures(registers: Registry[]): void {
  new Gauge({
    name: 'dokkubase_process_resident_memory_bytes',
    help: 'Resident memory of the panel',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  new Gauge({
    name: 'dokkubase_process_cpu_seconds_total',
    help: 'CPU time of the panel, without the Dokku commands it ran',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      this.set((user + system) / 1e6)
    },
  })
  new Gauge({
    name: 'dokkubase_process_uptime_seconds',
    help: 'Seconds since the panel started',
    registers,
    collect() {
      this.set(process.uptime())
    },
  })
}

export type Metrics = ReturnType<typeof metrics>

export interface ServeMetricsOptions {
  readonly socket: string
  beforeRead(): void
  /** The socket cannot be listened on, or the metrics cannot be read. */
  onError(error: unknown): void
}

/** Answers `GET /metrics` on a unix socket that only the panel's own user can open. */
export function serveMetrics(
  { registry }: Metrics,
  { socket, beforeRead, onError }: ServeMetricsOptions,
): Server {
  if (existsSync(socket)) unlinkSync(socket)
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end('only /metrics is answered here\n')
      return
    }
    const read = async () => {
      beforeRead()
      return registry.metrics()
    }
    read().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => {
        onError(error)
        response.writeHead(500).end('the metrics cannot be read\n')
      },
    )
  })
  server.on('error', onError)
  const umask = process.umask(0o077)
  server.listen(socket, () => process.umask(umask))
  return server
}
