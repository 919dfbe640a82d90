import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setStage } from './stage.ts'
import { openTarget } from './target.ts'

/**
 * The plugin is not Dokku's own. The simulator plays it; on a real Dokku these hold where it is installed, and are not
 * asked to fetch anything: what a try says is the authority's, and names made for tests have no certificate.
 */
const target = openTarget()
let isThere = true
beforeAll(async () => {
  const clear = await setStage(target, ['empty'])
  if (target.name === 'simulator') await target.run(['simulator:play', 'letsencrypt'])
  isThere = (await target.run(['plugin:list'])).stdout.includes('letsencrypt')
  return clear
}, 900_000)
afterAll(() => target.close())

const report = async (): Promise<Readonly<Record<string, string>>> =>
  JSON.parse((await target.run(['letsencrypt:report', 'empty', '--format', 'json'])).stdout)

describe(`letsencrypt, on ${target.name}`, () => {
  test('says what it knows of an app; where it is not installed there is no such command', async () => {
    if (!isThere)
      return expect(await target.run(['letsencrypt:report', 'empty'])).toMatchObject({ exit: 1, stdout: '' })
    expect(await report()).toMatchObject({
      active: 'false',
      'computed-dns-provider': '',
      'computed-graceperiod': '2592000',
    })
  })

  test('an e-mail address is of an app, else of the server, and goes by setting none', async () => {
    if (!isThere) return
    const said = await target.run(['letsencrypt:set', '--global', 'email', 'ops@example.com'])
    expect(said).toMatchObject({ exit: 0, stdout: '=====> Setting email to ops@example.com\n' })
    await target.run(['letsencrypt:set', 'empty', 'email', 'ada@example.com'])
    expect(await report()).toMatchObject({
      'global-email': 'ops@example.com',
      email: 'ada@example.com',
      'computed-email': 'ada@example.com',
    })
    expect((await target.run(['letsencrypt:set', 'empty', 'email'])).stdout).toBe('=====> Unsetting email\n')
    expect(await report()).toMatchObject({ email: '', 'computed-email': 'ops@example.com' })
    await target.run(['letsencrypt:set', '--global', 'email'])
  })

  test('without an e-mail address, or a domain, nothing is tried', async () => {
    if (!isThere) return
    const said = await target.run(['letsencrypt:enable', 'empty'])
    expect(said.exit).toBe(1)
    expect(said.stderr).toContain(' !     ERROR: Cannot request a certificate without an e-mail address!\n')
    await target.run(['domains:clear', 'empty'])
    const none = await target.run(['letsencrypt:enable', 'empty'])
    expect(none.exit).toBe(1)
    expect(none.stderr).toContain(' !     No domains detected for empty\n')
    await target.run(['domains:reset', 'empty'])
  })

  test('what is not enabled is not renewed, and that is no failure', async () => {
    if (!isThere) return
    expect(await target.run(['letsencrypt:auto-renew', 'empty'])).toMatchObject({
      ...{ exit: 0, stdout: '-----> Letsencrypt not enabled for empty\n' },
    })
  })
})

if (target.name === 'simulator')
  describe('the authority that is played', () => {
    const enable = () => target.run(['letsencrypt:enable', 'empty'])

    test.each([
      ['acme-dns', 'NXDOMAIN'],
      ['acme-connection', 'Timeout during connect'],
      ['acme-challenge', 'Invalid response from http://empty.dokku.test/.well-known/acme-challenge/Xq0: 404'],
      ['acme-rate-limit', 'rateLimited'],
    ])('fails once as it is told: %s', async (fault, words) => {
      await target.run(['letsencrypt:set', '--global', 'email', 'ops@example.com'])
      await target.run(['simulator:fault', 'empty', fault])
      const said = await enable()
      expect(said.exit).toBe(1)
      expect(said.stdout).toContain(words)
      expect(said.stdout).toContain('-----> Certificate retrieval failed!\n')
      expect(said.stderr).toContain(' !     Check log output for further information on failure\n')
      expect(await report()).toMatchObject({ active: 'false' })
    })

    test('fetches a certificate for every domain, renews none before it is due, and takes it away', async () => {
      await target.run(['letsencrypt:set', '--global', 'email', 'ops@example.com'])
      const said = await enable()
      expect(said.exit).toBe(0)
      expect(said.stdout).toMatch(/-----> Certificate retrieved successfully\.\n.*-----> Done\n$/s)
      expect(await report()).toMatchObject({ active: 'true' })
      expect((await enable()).stdout).toContain('-----> Certificate is still valid for empty, skipping')
      expect((await target.run(['letsencrypt:auto-renew', 'empty'])).stdout).toMatch(
        /empty still has 59d.* left before renewal/,
      )
      expect((await target.run(['letsencrypt:disable', 'empty'])).stdout).toContain(
        '-----> Disabling letsencrypt for app\n',
      )
      expect(await report()).toMatchObject({ active: 'false', expiration: '' })
    })
  })
