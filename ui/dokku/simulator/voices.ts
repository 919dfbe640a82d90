import { every, type Line, once, type Voice, voice } from './voice.ts'

const iso = (at: number): string => new Date(at).toISOString()
const pick = (words: readonly string[], chance: number): string =>
  words[Math.floor(chance * 7919) % words.length] ?? ''
const number = (chance: number, to: number): number => Math.floor(chance * 104_729) % to

/** The recorded web process: listens, then a line a request. */
const nodeServer: Voice = {
  firstWords: (now) => ['listening on 5000', `${iso(now)} GET /healthz`],
  speak: (container, from, to) => [
    ...once(container.startedAt, 'listening on 5000', from, to),
    ...once(container.startedAt + 1100, `${iso(container.startedAt + 1100)} GET /healthz`, from, to),
    ...every(container, 7_000, from, to, (at, chance) => `${iso(at)} GET ${pick(PATHS, chance)}`),
  ],
}

/** The recorded worker: a tick every five seconds. */
const nodeWorker: Voice = {
  firstWords: () => ['worker started', 'worker tick 1', 'worker tick 2'],
  speak: (container, from, to) => [
    ...once(container.startedAt, 'worker started', from, to),
    ...every(container, 5_004, from, to, (_, __, count) => `worker tick ${count}`),
  ],
}

const PATHS = ['/', '/healthz', '/about', '/assets/app.css', '/', '/favicon.ico', '/healthz']
const GOODS = ['/cart', '/products/teapot', '/products/kettle', '/checkout', '/', '/search?q=tea', '/orders']
const CALLS = [
  '/v1/orders',
  '/v1/stock/teapot',
  '/v1/customers',
  '/v1/health',
  '/v1/prices',
  '/v1/orders/8241',
]

const railsLine: Line = (at, chance) => {
  const id = number(chance, 16 ** 8)
    .toString(16)
    .padStart(8, '0')
  const took = number(chance, 180) + 4
  if (chance < 0.03)
    return `[${id}] \u001b[31mActiveRecord::Deadlocked\u001b[0m: retrying order ${number(chance, 9000)}`
  return `[${id}] Completed \u001b[32m200 OK\u001b[0m in ${took}ms (${pick(GOODS, chance)}) at ${iso(at)}`
}

const jobLine: Line = (_, chance, count) =>
  `\u001b[36mpid=1 tid=${number(chance, 900)}\u001b[0m class=${pick(['OrderMailer', 'StockSync', 'InvoiceJob'], chance)} jid=${count} elapsed=${(chance * 2).toFixed(3)} INFO: done`

const jsonLine: Line = (at, chance) =>
  JSON.stringify({
    time: iso(at),
    level: chance < 0.04 ? 'warn' : 'info',
    msg: chance < 0.04 ? 'upstream is slow' : 'request',
    method: chance < 0.3 ? 'POST' : 'GET',
    path: pick(CALLS, chance),
    status: chance < 0.04 ? 504 : 200,
    ms: number(chance, 90) + 1,
  })

const gunicornLine: Line = (at, chance) =>
  `10.0.0.${number(chance, 200)} - - [${iso(at)}] "POST /collect HTTP/1.1" 204 0 "-" "${pick(['Firefox', 'Safari', 'curl'], chance)}"`

const phpLine: Line = (at, chance) =>
  chance < 0.06
    ? `PHP Deprecated:  Optional parameter $tags declared before required parameter in /app/src/Wiki.php on line ${number(chance, 300)}`
    : `${iso(at)} "GET ${pick(['/wiki/Home', '/wiki/Recipes', '/wiki/Deploying', '/static/style.css'], chance)}" 200`

const mailLine: Line = (_, chance, count) =>
  chance < 0.05
    ? `\u001b[33mWARN\u001b[0m greylisted by mx${number(chance, 9)}.example.org, again in 300 s`
    : `delivered message ${41_000 + count} to ${pick(['mx1', 'mx2', 'mx3'], chance)}.example.org in ${number(chance, 900)} ms`

const probeLine: Line = (_, chance) =>
  `probe ${pick(['blog', 'shop', 'api', 'docs', 'wiki'], chance)} → ${chance < 0.03 ? '\u001b[31m503\u001b[0m' : '200'} in ${number(chance, 400)} ms`

const VOICES: Readonly<Record<string, Voice>> = {
  'node server': nodeServer,
  'node worker': nodeWorker,
  rails: voice(['=> Booting Puma', '* Listening on http://0.0.0.0:5000'], 4_000, railsLine),
  sidekiq: voice(['Booted Rails application in production environment'], 6_000, jobLine),
  go: voice(['{"level":"info","msg":"serving","addr":":5000"}'], 1_500, jsonLine),
  gunicorn: voice(
    ['[INFO] Starting gunicorn 23.0.0', '[INFO] Listening at: http://0.0.0.0:5000 (1)'],
    900,
    gunicornLine,
  ),
  php: voice(['NOTICE: fpm is running, pid 1', 'NOTICE: ready to handle connections'], 9_000, phpLine),
  mailer: voice(['queue opened, 3 messages waiting'], 3_000, mailLine),
  probes: voice(['watching 5 addresses'], 5_000, probeLine),
}

export const voiceOf = (name: string): Voice => VOICES[name] ?? nodeServer
