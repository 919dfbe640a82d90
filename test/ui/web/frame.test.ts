import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { frame, type PageEnv } from '../../../ui/web/frame.ts'

const gitHost = async (at: string, globalDomain?: string) => {
  const app = new Hono<PageEnv>()
    .use(
      frame({
        clock: () => 0,
        asset: (name) => name,
        counts: () => ({ apps: 0, deployments: 0, certificates: 0, jobs: 0 }),
        position: () => '',
        globalDomain: () => globalDomain,
      }),
    )
    .get('/', (c) => c.text(c.get('frame').gitHost))
  return (await app.request(at)).text()
}

test('the git remote is at the host by which the browser reaches the panel', async () => {
  expect(await gitHost('https://panel.example.com:8443/', 'apps.example.com')).toBe('panel.example.com')
})

test('through a tunnel the git remote is at the global domain, where there is one', async () => {
  expect(await gitHost('http://localhost:3000/', 'apps.example.com')).toBe('apps.example.com')
  expect(await gitHost('http://127.0.0.1:3000/')).toBe('your-server')
})
