import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings } from '../../ui/settings.ts'

test('without any the panel listens on this host and believes its nginx', () => {
  expect(readSettings({})).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    origin: 'http://127.0.0.1:3000',
    data: '/var/lib/dokkubase',
    outbox: '/var/lib/dokku/data/dokkubase/outbox',
    tokens: [],
    trustedProxies: ['127.0.0.1', '::1'],
    metricsSocket: '/var/lib/dokkubase/metrics.sock',
    addresses: [],
    redis: null,
  })
})

test.each([
  [
    'DOKKUBASE_TRUSTED_PROXIES',
    '10.0.0.0/8, 192.0.2.1,2001:db8::/32',
    'trustedProxies',
    ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'],
  ],
  ['DOKKUBASE_TRUSTED_PROXIES', '', 'trustedProxies', []],
  ['DOKKUBASE_ADDRESSES', '203.0.113.7,2001:db8::/64', 'addresses', ['203.0.113.7', '2001:db8::/64']],
  ['DOKKUBASE_ORIGIN', 'https://panel.example.com', 'origin', 'https://panel.example.com'],
  ['DOKKUBASE_ORIGIN', 'http://192.0.2.10:8700', 'origin', 'http://192.0.2.10:8700'],
  ['DOKKUBASE_DATA', 'demo/data', 'data', resolve('demo/data')],
  [
    'REDIS_URL',
    'rediss://:secret@redis.example.com:6380/1',
    'redis',
    'rediss://:secret@redis.example.com:6380/1',
  ],
  ['REDIS_URL', '/run/redis.sock', 'redis', '/run/redis.sock'],
  ['HOST', '::1', 'host', '::1'],
  ['DOKKUBASE_GATE_USER', 'dokku', 'gateUser', 'dokku'],
] as const)('%s=%s', (name, value, setting, read) => {
  expect(readSettings({ [name]: value })[setting]).toEqual(read)
})

test.each([
  ['DOKKUBASE_TRUSTED_PROXIES', 'nginx', '"nginx" is no address or network'],
  ['DOKKUBASE_TRUSTED_PROXIES', '127.0.0.1,10.0.0.0/33', '"10.0.0.0/33" is no address or network'],
  ['DOKKUBASE_TRUSTED_PROXIES', '10.0.0.0/8;10.1.0.0/8', 'is no address or network'],
  ['DOKKUBASE_TRUSTED_PROXIES', 'true', '"true" is no address'],
  ['DOKKUBASE_ADDRESSES', 'panel.example.com', '"panel.example.com" is no address'],
  ['DOKKUBASE_ORIGIN', 'panel.example.com', 'https://panel.example.com'],
  ['DOKKUBASE_ORIGIN', 'javascript:alert(1)', 'http or https'],
  ['DOKKUBASE_ORIGIN', 'https://panel.example.com/panel', 'no more'],
  ['DOKKUBASE_ORIGIN', 'https://ada:secret@panel.example.com', 'no more'],
  ['PORT', '70000', '65535'],
  ['PORT', 'http', 'number'],
  ['PORT', '', '>=1'],
  ['HOST', '127.0.0.1:3000; rm', 'an address or a host name'],
  ['HOST', '', 'an address or a host name'],
  ['DOKKUBASE_DATA', '', 'a path'],
  ['DOKKUBASE_OUTBOX', '', 'a path'],
  ['DOKKU_LIB_ROOT', '', 'a path'],
  ['DOKKU', '', '>=1'],
  ['DOKKUBASE_GATE_USER', '-i', 'the name of a user'],
  ['DOKKUBASE_METRICS_SOCKET', `/${'x'.repeat(107)}`, '107 bytes'],
  ['REDIS_URL', 'localhost', 'redis://'],
  ['DOKKUBASE_EVENT_DAYS', '0', '>=1'],
  ['DOKKUBASE_UPLOAD_MB', '0', '>=1'],
  ['DOKKUBASE_LOG_LEVEL', 'loud', 'info'],
])('%s=%s stops the start, and the error names the setting and what is expected', (name, value, expected) => {
  const start = () => readSettings({ [name]: value })
  expect(start).toThrow(`Dokkubase cannot start, these settings are wrong:\n  ${name}: `)
  expect(start).toThrow(expected)
})

test('every wrong setting is named at once, and no secret with it', () => {
  const start = () =>
    readSettings({ PORT: '0', REDIS_URL: 'http://:hunter2@redis', DOKKUBASE_TOKEN: 'hunter2' })
  expect(start).toThrow(/PORT: .*DOKKUBASE_TOKEN: .*REDIS_URL: /s)
  expect(start).not.toThrow('hunter2')
})
