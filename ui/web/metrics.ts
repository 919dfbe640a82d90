import { existsSync, unlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** The panel's own figures, in Prometheus form. */
export function metrics() {
  const registry = new Registry()
  const registers = [registry]
  processFigures(registers)
  return {
    registry,
    events: new Counter({
      name: 'dokkubase_events_total',
      help: 'Events recorded, by origin (told by Dokku, seen by the panel)',
      labelNames: ['origin'],
      registers,
    }),
    setAside: new Counter({
      name: 'dokkubase_events_set_aside_total',
      help: 'Outbox files that could not be read as events',
      registers,
    }),
    waiting: new Gauge({
      name: 'dokkubase_outbox_waiting',
      help: 'Outbox files not yet recorded',
      registers,
    }),
    commands: new Histogram({
      name: 'dokkubase_dokku_command_seconds',
      help: 'Dokku commands the panel ran, by command and exit code',
      labelNames: ['command', 'exit'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
      registers,
    }),
    errors: new Counter({
      name: 'dokkubase_errors_total',
      help: 'Errors answered or met in the background, by type',
      labelNames: ['type'],
      registers,
    }),
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

/** Answers `GET /metrics` on a unix socket that only the panel's own user can open. */
export function serveMetrics({ registry }: Metrics, socket: string, beforeRead: () => void): Server {
  if (existsSync(socket)) unlinkSync(socket)
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end('only /metrics is answered here\n')
      return
    }
    beforeRead()
    void registry.metrics().then((text) => {
      response.writeHead(200, { 'content-type': registry.contentType }).end(text)
    })
  })
  const umask = process.umask(0o077)
  server.listen(socket, () => process.umask(umask))
  return server
}
