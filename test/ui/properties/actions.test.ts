import { beforeEach, describe, expect, test } from 'vitest'
import { processKinds } from '../../../ui/processes/command.ts'
import { propertyKinds } from '../../../ui/properties/command.ts'
import { asker } from '../story/ask.ts'
import { changingPanel } from '../story/changing.ts'

let on: ReturnType<typeof changingPanel>
beforeEach(() => {
  on = changingPanel([...propertyKinds, ...processKinds])
  on.server('plugins', ['builder-dockerfile', 'builder-pack', 'nginx-vhosts', 'caddy-vhosts'])
  on.server('networks', ['bridge', 'host', 'none', 'shop_net'])
  on.server('allowed', [])
})

const PROPERTIES = '/apps/shop/properties?method=PATCH'
const PORTS = '/apps/shop/ports?method=PUT'
const MOUNTS = '/apps/shop/mounts'

describe('properties', () => {
  test('each that was changed is a command of its own; emptied, it is Dokku’s again', async () => {
    await on.send(PROPERTIES, {
      'nginx.client-max-body-size': '50m',
      'was.nginx.client-max-body-size': '',
      'nginx.hsts': '',
      'was.nginx.hsts': 'false',
      'nginx.send-timeout': '60s',
      'was.nginx.send-timeout': '60s',
      'ps.procfile-path': 'deploy/Procfile',
    })
    expect(on.asked().toSorted()).toEqual([
      'dokku nginx:set shop client-max-body-size 50m',
      'dokku nginx:set shop hsts',
      'dokku ps:set shop procfile-path deploy/Procfile',
    ])
  })

  test('what is wrong is told beside each field, and nothing is asked', async () => {
    const fields = {
      'nginx.proxy-read-timeout': 'soon',
      'git.deploy-branch': '--all',
      'builder.build-dir': '../..',
    }
    expect(await on.refused(PROPERTIES, fields)).toEqual([
      'builder.build-dir: write a path within the code, such as deploy/Dockerfile, without .. and a / in front',
      'git.deploy-branch: write the name of a branch, such as main',
      'nginx.proxy-read-timeout: write a time such as 60s, 500ms or 2m',
    ])
  })

  test('what this server’s plugins cannot do is refused', async () => {
    const refused = 'this server has no plugin for it'
    expect(await on.refused(PROPERTIES, { 'builder.selected': 'nixpacks' })).toEqual([
      `builder.selected: ${refused}`,
    ])
    expect(await on.refused(PROPERTIES, { 'proxy.type': 'traefik' })).toEqual([`proxy.type: ${refused}`])
    await on.send(PROPERTIES, { 'proxy.type': 'caddy' })
    expect(on.asked()).toEqual(['dokku proxy:set shop type caddy'])
  })

  test('an unknown network is refused with what would come of it, the server’s own with who may allow it', async () => {
    expect(await on.refused(PROPERTIES, { 'network.initial-network': 'nope' })).toEqual([
      'network.initial-network: Docker has no network nope, so every later deploy would fail; dokku network:create nope makes one',
    ])
    const [host = ''] = await on.refused(PROPERTIES, { 'network.initial-network': 'host' })
    expect(host).toContain('sudo dokku dokkubase:set allow-host-network true')
    on.server('allowed', ['allow-host-network'])
    await on.send(PROPERTIES, { 'network.initial-network': 'host' })
    await on.send(PROPERTIES, { 'network.attach-post-create': 'shop_net' })
    expect(on.asked()).toEqual([
      'dokku network:set shop initial-network host',
      'dokku network:set shop attach-post-create shop_net',
    ])
    await on.refused(PROPERTIES, { 'network.attach-post-deploy': 'host' })
  })
})

describe('what nginx is told', () => {
  test('sizes that nginx would refuse together are refused before Dokku takes them', async () => {
    expect(await on.refused(PROPERTIES, { 'nginx.proxy-buffer-size': '16k' })).toEqual([
      'nginx.proxy-buffer-size: with these, nginx wants proxy-busy-buffers-size from 16k to 28k; it would be 8k',
    ])
    expect(
      await on.refused(PROPERTIES, { 'nginx.proxy-buffers': '2 4k', 'nginx.proxy-buffer-size': '64k' }),
    ).toEqual(['nginx.proxy-buffer-size: nginx wants more or larger proxy-buffers beside these 64k'])
    on.reported('shop', 'nginx', { 'proxy-busy-buffers-size': '16k', 'global-proxy-buffers': '4 16k' })
    await on.send(PROPERTIES, { 'nginx.proxy-buffer-size': '16k' })
    expect(on.asked()).toEqual(['dokku nginx:set shop proxy-buffer-size 16k'])
  })

  test('any directive, and any file of the server, waits for its root’s switch', async () => {
    const fields = {
      'nginx.access-log-path': '/var/log/nginx/shop.log',
      'nginx.disable-custom-config': 'true',
    }
    expect(await on.refused(PROPERTIES, fields)).toEqual([
      'nginx.access-log-path: this is as good as root on this server; its root may allow it: sudo dokku dokkubase:set allow-nginx-directives true',
    ])
    on.server('allowed', ['allow-nginx-directives'])
    await on.send(PROPERTIES, fields)
    expect(on.asked().toSorted()).toEqual([
      'dokku nginx:set shop access-log-path /var/log/nginx/shop.log',
      'dokku nginx:set shop disable-custom-config true',
    ])
  })
})

describe('ports', () => {
  test('of an app that nothing built, no build is said to have found them', async () => {
    for (const app of ['shop', 'empty-lot'])
      on.reported(app, 'ports', { map: '', 'map-detected': 'http:80:5000' })
    expect(await asker(on).text('/apps/shop/settings')).toContain(
      'Dokku goes by what the last build found: http:80:5000',
    )
    const page = await asker(on).text('/apps/empty-lot/settings')
    expect(page).toContain('None is set: Dokku goes by http:80:5000 until a build finds others')
  })

  const row = (at: number, scheme: string, host: string, container: string) => ({
    [`scheme.${at}`]: scheme,
    [`host.${at}`]: host,
    [`container.${at}`]: container,
  })

  test('all rows are one command, and none is clearing them', async () => {
    await on.send(PORTS, {
      ...row(0, 'http', '80', '5000'),
      ...row(1, 'https', '443', '5000'),
      ...row(2, 'http', '', ''),
    })
    await on.send(PORTS, { ...row(0, 'http', '', ''), before: 'http:80:5000' })
    expect(on.asked()).toEqual(['dokku ports:set shop http:80:5000 https:443:5000', 'dokku ports:clear shop'])
  })

  test('a foreign scheme, a port that is none and one mapped twice are refused in their row', async () => {
    expect(await on.refused(PORTS, row(0, 'foo', '80', '5000'))).toEqual([
      'scheme.0: one of http, https, grpc, grpcs',
    ])
    expect(await on.refused(PORTS, row(0, 'http', '70000', ''))).toEqual([
      'host.0: a port is a number from 1 to 65535',
      'container.0: a port is a number from 1 to 65535',
    ])
    const twice = { ...row(0, 'http', '80', '5000'), ...row(1, 'https', '80', '5001') }
    expect(await on.refused(PORTS, twice)).toEqual(['host.1: port 80 of the server is mapped above already'])
  })
})

describe('what is as good as root', () => {
  test('a folder of the app’s own storage is mounted; any other only where root allowed it', async () => {
    await on.send(MOUNTS, { host: '/var/lib/dokku/data/storage/shop', container: '/data' })
    const told = await on.refused(MOUNTS, { host: '/etc', container: '/data' })
    expect(told.join()).toContain('sudo dokku dokkubase:set allow-host-mounts true')
    on.server('allowed', ['allow-host-mounts'])
    await on.send(MOUNTS, { host: '/srv/data', container: '/srv' })
    expect(on.asked()).toEqual([
      'dokku storage:mount shop /var/lib/dokku/data/storage/shop:/data',
      'dokku storage:mount shop /srv/data:/srv',
    ])
  })

  test('a folder of the container may be hidden or have blanks, and Docker is given it as one word', async () => {
    const host = '/var/lib/dokku/data/storage/n8n'
    for (const container of ['/home/node/.n8n', '/app/.cache', '/data/My Files'])
      expect((await on.send(MOUNTS, { host, container })).status).toBe(200)
    expect(on.asked()).toEqual([
      `dokku storage:mount shop ${host}:/home/node/.n8n`,
      `dokku storage:mount shop ${host}:/app/.cache`,
      `dokku storage:mount shop '${host}:/data/My\\ Files'`,
    ])
    expect(await on.previewed(MOUNTS, { host, container: '/data/My\\ Files' })).toEqual([
      `dokku storage:mount shop '${host}:/data/My\\ Files'`,
    ])
  })

  test('a folder within an app’s own is refused with the folder to mount instead', async () => {
    const host = '/var/lib/dokku/data/storage/shop/static'
    expect((await on.refused(MOUNTS, { host, container: '/data' })).join()).toContain(
      'only a folder right below /var/lib/dokku/data/storage/ is an app’s own: mount /var/lib/dokku/data/storage/shop and use the folder within it',
    )
  })

  test('each mount can be unmounted as Dokku has it, or has no button for it', async () => {
    const own = '/var/lib/dokku/data/storage/n8n'
    const all = [
      ['legacy-1', own, '/home/node/.n8n'],
      ['legacy-1', own, '/data/My Files'],
      ['uploads', own, '/named'],
      ['legacy-2', '/srv/host', '/host'],
      ['legacy-3', own, '/data/größe'],
    ]
    const report = all.flatMap(([entry, host, container], at) => [
      [`attachment.${at}.entry-name`, entry],
      [`attachment.${at}.host-path`, host],
      [`attachment.${at}.container-path`, container],
    ])
    on.reported('shop', 'storage', Object.fromEntries(report))
    const page = await asker(on).html('/apps/shop/settings')
    const offered = all.filter(([, , container]) => page.includes(`Unmount ${container} of shop`))
    expect(offered.map(([, , container]) => container)).toEqual(['/home/node/.n8n', '/data/My Files'])
    for (const [, host = '', container = ''] of offered)
      expect((await on.send(`${MOUNTS}?method=DELETE`, { host, container })).status).toBe(200)
    expect(on.asked()).toEqual([
      `dokku storage:unmount shop ${own}:/home/node/.n8n`,
      `dokku storage:unmount shop '${own}:/data/My Files'`,
    ])
  })

  test('two mounts on one folder of the container are refused: every later deploy would fail', async () => {
    on.reported('shop', 'storage', {
      'attachment.1.container-path': '/data',
      'attachment.1.host-path': '/var/lib/dokku/data/storage/shop',
    })
    const sent = { host: '/var/lib/dokku/data/storage/other', container: '/data' }
    expect(await on.refused(MOUNTS, sent)).toEqual([
      'container: something is mounted there already: with two, every later deploy fails',
    ])
  })

  test('an option of Docker is refused with how root allows it, and taken once it did', async () => {
    const path = '/apps/shop/docker-options'
    const fields = { option: '--shm-size 256m', phase: 'deploy' }
    expect((await on.refused(path, fields)).join()).toContain(
      'sudo dokku dokkubase:set allow-docker-options true',
    )
    on.server('allowed', ['allow-docker-options'])
    await on.send(path, fields)
    await on.send(`${path}?method=DELETE`, fields)
    expect(on.asked()).toEqual([
      "dokku docker-options:add shop deploy '--shm-size 256m'",
      "dokku docker-options:remove shop deploy '--shm-size 256m'",
    ])
    expect(await on.refused(path, { option: 'no option' })).toEqual([
      'option: write an option of docker run, such as --shm-size 256m',
    ])
  })
})

test('what a plugin does is asked for only where it is installed', async () => {
  expect(await on.refused('/apps/shop/maintenance', {})).toEqual(['this server has no plugin maintenance'])
  on.server('plugins', ['maintenance', 'http-auth', 'redirect'])
  await on.send('/apps/shop/maintenance', {})
  await on.send('/apps/shop/http-auth?method=DELETE', {})
  await on.send('/apps/shop/redirects', { from: 'shop.example', to: 'www.shop.example' })
  expect(on.asked()).toEqual([
    'dokku maintenance:enable shop',
    'dokku http-auth:disable shop',
    'dokku redirect:set shop shop.example www.shop.example',
  ])
})

test('password protection is enabled only where a user can sign in, and the page says what visitors meet', async () => {
  on.server('plugins', ['http-auth', 'redirect'])
  on.server('plugin-versions', ['http-auth 0.10.0', 'redirect 0.9.1'])
  const page = () => asker(on).text('/apps/shop/settings')
  expect(await page()).toContain('Unknown: not read from Dokku yet.')
  const off = { enabled: 'false', 'allowed-ips': '', users: '' }
  on.reported('shop', 'http-auth', off)
  expect(await page()).toContain('dokku http-auth:enable shop <name> <password>')
  expect(await page()).not.toContain('Enable password protection of shop')
  expect(await on.refused('/apps/shop/http-auth', {})).toEqual([
    'without a user nothing is protected; enable it on the server: dokku http-auth:enable shop <name> <password>',
  ])
  on.reported('shop', 'http-auth', { ...off, users: 'ada' })
  expect(await page()).toContain('Enable password protection of shop')
  await on.send('/apps/shop/http-auth', {})
  expect(on.asked()).toEqual(['dokku http-auth:enable shop'])
  on.reported('shop', 'http-auth', { ...off, enabled: 'true', 'asks-for-password': 'false' })
  expect(await page()).toContain('the app is open to everyone')
  on.reported('shop', 'http-auth', { ...off, enabled: 'true', 'asks-for-password': 'true' })
  expect(await page()).toContain('no visitor can sign in')
  on.reported('shop', 'redirect', { unreadable: 'no such command' })
  expect(await page()).toContain('Unknown: redirect 0.9.1 could not be read (no such command).')
  on.reported('shop', 'redirect', { text: '' })
  expect(await page()).toContain('No domain is redirected.')
})

test('a viewer sets nothing', async () => {
  for (const path of [PROPERTIES, PORTS, '/apps/shop/proxy', MOUNTS, '/apps/shop/maintenance'])
    expect([path, (await on.send(path, {}, { role: 'viewer' })).status]).toEqual([path, 403])
})
