import { html } from 'hono/html'
import { expect, test } from 'vitest'
import { moment } from '../../../ui/web/components.ts'
import type { Frame } from '../../../ui/web/frame.ts'
import { card, page } from '../../../ui/web/layout.ts'

const NOW = Date.UTC(2026, 10, 3, 12)

const frame = (changes: Partial<Frame> = {}): Frame => ({
  account: { id: 1, name: 'ada-lovelace', role: 'admin' },
  theme: 'auto',
  address: '/apps?state=running&q="x"',
  path: '/apps',
  now: NOW,
  counts: { apps: 0, deployments: 2, certificates: 1, jobs: 0 },
  warning: null,
  asked: '',
  position: 'run-7',
  gitHost: 'panel.example.com',
  asset: (name) => `/assets/${name}?v=1`,
  ...changes,
})

const apps = (changes: Partial<Frame> = {}) =>
  String(
    page(
      frame(changes),
      { title: 'Apps', at: 'apps', trail: [{ name: 'Apps' }], topics: ['apps'] },
      html`<p>Twelve</p>`,
    ),
  )

test('a page has its landmarks, a way past them and one stream', () => {
  const shown = apps()
  for (const part of ['<main id="main"', '<nav id="navigation"', '<header', 'href="#main"'])
    expect(shown).toContain(part)
  expect(shown.match(/hx-sse:connect/g)).toHaveLength(1)
  expect(shown).toContain('hx-sse:connect="/live?after=run-7"')
})

test('the sidebar says where we are and counts only what wants a look', () => {
  const shown = apps()
  expect(shown.match(/aria-current="page" class="flex min-h-8/g)).toHaveLength(1)
  expect(shown).toContain('2<span class="sr-only"> running</span>')
  expect(shown).not.toContain('in trouble')
})

test('a warning stands on the page with what to type, and where there is none its place is empty', () => {
  const shown = apps({
    warning: { text: 'Dokku does not answer: <exit 127>', command: 'dokku dokkubase:doctor' },
  })
  expect(shown).toContain('Dokku does not answer: &lt;exit 127&gt;')
  expect(shown).toContain('data-copy="dokku dokkubase:doctor"')
  expect(apps()).toMatch(/<div id="panel-warning" role="status" data-topics="panel"[^>]*>\s*<\/div>/)
})

test('the theme comes from the frame, so nothing flashes', () => {
  expect(apps({ theme: 'dark' })).toContain('<html lang="en" class="dark"')
})

test('nothing in a page is an inline script, an inline style or from another host', () => {
  const shown = apps()
  expect(shown).not.toMatch(/<script(?![^>]*src="\/assets\/)/)
  expect(shown).not.toMatch(/ style=|<style| on[a-z]+=|https?:\/\//)
})

test('what a page is called and its address cannot break out of their places', () => {
  const title = '</title><script>alert(1)</script>'
  const shown = String(
    page(
      frame({ address: '/apps?q="><script>' }),
      { title, at: 'apps', trail: [{ name: title }], topics: ['app:"x"'] },
      html``,
    ),
  )
  expect(shown).not.toContain('<script>')
  expect(shown).toContain('data-topics="app:&quot;x&quot;"')
})

test('a page without topics of its own does not ask for itself again', () => {
  expect(apps()).toContain('hx-select="#main"')
  expect(String(page(frame(), { title: 'Apps', at: 'apps', trail: [] }, html``))).not.toContain(
    'hx-select="#main"',
  )
})

test('signed out there is one card and no way further', () => {
  const shown = String(card(frame({ account: null }), { title: 'Sign in' }, html`<p>Welcome</p>`))
  expect(shown).not.toContain('<nav')
  expect(shown).not.toContain('hx-sse')
})

test('a moment says how long ago and, on hover, exactly when', () => {
  expect(String(moment(NOW - 180_000, NOW))).toBe(
    `<time datetime="2026-11-03T11:57:00.000Z" title="2026-11-03 11:57:00 UTC" data-ago="${NOW - 180_000}">3 min ago</time>`,
  )
})
