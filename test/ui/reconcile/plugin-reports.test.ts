import { expect, test } from 'vitest'
import { type Dokku, DokkuError } from '../../../ui/dokku/dokku.ts'
import { readPluginReport } from '../../../ui/reconcile/plugin-reports.ts'

type Answers = Readonly<Record<string, string | DokkuError>>

/** As recorded from http-auth 0.10.0 and redirect 0.9.1 on Dokku 0.38.27. */
const TEXT = [
  '       Http auth enabled:             true                     ',
  '       Http auth allowed ips:                                  ',
  '       Http auth users:                                        ',
].join('\n')
const refusal = (said: string, exitCode: number | null = 1) => new DokkuError(['version'], exitCode, said)
const NO_JSON = refusal('Invalid flag passed, valid flags: --http-auth-enabled')
const NO_COMMAND = refusal('`redirect:report shop` is not a dokku command.')

function dokkuWith(answers: Answers): Dokku {
  return {
    async run(command) {
      const answer = answers[command.join(' ')] ?? refusal(`not expected: ${command.join(' ')}`, 127)
      if (typeof answer === 'string') return answer
      throw answer
    },
    follow() {
      throw new Error('nothing is followed')
    },
  }
}

const JSON_FORM = 'http-auth:report shop --format json'

test('a plugin that knows no JSON is read by its text', async () => {
  const dokku = dokkuWith({
    [JSON_FORM]: NO_JSON,
    'http-auth:report shop': TEXT,
    'http-auth:show-config shop':
      'auth_basic           "Restricted";\nauth_basic_user_file /home/dokku/shop/htpasswd;\n',
  })
  expect(await readPluginReport(dokku, 'http-auth', 'shop')).toEqual({
    enabled: 'true',
    'allowed-ips': '',
    users: '',
    'asks-for-password': 'true',
  })
})

test.each([
  ['', 'false'],
  ['satisfy any;\nallow 192.0.2.1;\ndeny all;\n', 'false'],
  ['  auth_basic "Restricted";', 'true'],
  ['auth_basic off;', 'false'],
  ['auth_basic    off;', 'false'],
])('whether visitors are asked is what nginx was told: %j', async (nginx, asks) => {
  const dokku = dokkuWith({ [JSON_FORM]: '{"enabled":"true"}', 'http-auth:show-config shop': nginx })
  expect(await readPluginReport(dokku, 'http-auth', 'shop')).toMatchObject({ 'asks-for-password': asks })
})

test('the configuration is not asked for while the plugin is off for the app', async () => {
  expect(
    await readPluginReport(dokkuWith({ [JSON_FORM]: '{"enabled":"false"}' }), 'http-auth', 'shop'),
  ).toEqual({
    enabled: 'false',
  })
})

test('redirects are read by the command that a version without a report has', async () => {
  const table = 'SOURCE     DESTINATION  CODE\na.example  b.example    301\n'
  const dokku = dokkuWith({ 'redirect:report shop': NO_COMMAND, 'redirect shop': table })
  expect(await readPluginReport(dokku, 'redirect', 'shop')).toEqual({ text: table })
})

test('what no form can read says why', async () => {
  const dokku = dokkuWith({ 'redirect:report shop': NO_COMMAND, 'redirect shop': refusal('no such command') })
  expect(await readPluginReport(dokku, 'redirect', 'shop')).toEqual({
    unreadable: '`redirect:report shop` is not a dokku command.',
  })
})

test.each([
  ['an app that Dokku does not have', 20],
  ['a Dokku that is not there', 127],
  ['a Dokku that does not answer in time', null],
])('%s is an error, not a fact about the plugin', async (_, exitCode) => {
  const dokku = dokkuWith({ [JSON_FORM]: refusal('no', exitCode) })
  await expect(readPluginReport(dokku, 'http-auth', 'shop')).rejects.toThrow(DokkuError)
})
