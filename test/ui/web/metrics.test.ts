import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { metrics, serveMetrics } from '../../../ui/web/metrics.ts'

const placeForSocket = () => {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-metrics-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'metrics.sock')
}

const get = (socketPath: string): Promise<{ status: number | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    request({ socketPath, path: '/metrics', agent: false }, (answer) => {
      let text = ''
      answer.on('data', (data: Buffer) => {
        text += data.toString()
      })
      answer.on('end', () => resolve({ status: answer.statusCode, text }))
    })
      .on('error', reject)
      .end()
  })

test('recording never throws, whatever the library makes of the labels', async () => {
  const { errors, events, commands, registry } = metrics()
  const labels = { type: 'internal', origin: 'told', command: 'ps:restart', exit: '0', params: 'x' }
  expect(() => errors.inc(labels)).not.toThrow()
  expect(() => events.inc(labels)).not.toThrow()
  expect(() => commands.observe(labels, 1)).not.toThrow()
  errors.inc({ type: 'internal' })
  expect(await registry.metrics()).toContain('dokkubase_errors_total{type="internal"} 1')
})

test('metrics that cannot be read are answered with 500, and the panel goes on', async () => {
  const socket = placeForSocket()
  const errors: unknown[] = []
  let broken = true
  const server = serveMetrics(metrics(), {
    socket,
    beforeRead() {
      if (broken) throw new Error('no outbox')
    },
    onError: (error) => errors.push(error),
  })
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  expect((await get(socket)).status).toBe(500)
  expect(errors).toEqual([new Error('no outbox')])
  broken = false
  expect(await get(socket)).toMatchObject({ status: 200, text: expect.stringContaining('dokkubase_') })
})

test('a socket that cannot be made is reported, not fatal', async () => {
  const error = await new Promise((resolve) => {
    serveMetrics(metrics(), { socket: '/nowhere/at/all.sock', beforeRead() {}, onError: resolve })
  })
  expect(String(error)).toMatch(/EACCES|ENOENT/)
})
