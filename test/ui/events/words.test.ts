import { expect, test } from 'vitest'
import { cronId } from '../../../ui/dokku/cron-id.ts'
import { noCaller } from '../../../ui/events/event.ts'
import type { Sayable } from '../../../ui/events/phrases.ts'
import { sentence, spoken } from '../../../ui/events/words.ts'

const say = (trigger: string, args: readonly string[], changes: Partial<Sayable> = {}): string =>
  spoken(
    sentence({
      trigger,
      args,
      app: args[0] ?? null,
      actor: 'ada',
      origin: 'told',
      note: '',
      buildSource: '',
      caller: noCaller,
      ...changes,
    }),
  )

test.each([
  ['post-create', ['shop'], 'ada created shop'],
  ['post-delete', ['shop', 'latest'], 'ada destroyed shop'],
  ['post-config-update', ['shop', 'set', 'PORT'], 'ada set PORT on shop'],
  ['post-config-update', ['shop', 'set', 'A', 'B'], 'ada set A and B on shop'],
  ['post-config-update', ['shop', 'unset', 'A', 'B', 'C', 'D'], 'ada removed A, B and 2 more on shop'],
  ['post-config-update', ['shop', 'clear'], 'ada cleared the config on shop'],
  ['post-domains-update', ['shop', 'add', 'shop.example.com'], 'ada added shop.example.com to shop'],
  ['post-domains-update', ['shop', 'remove', 'a.com'], 'ada removed a.com from shop'],
  [
    'post-domains-update',
    ['shop', 'set', 'a.com', 'b.com'],
    'ada set the domains of shop to a.com and b.com',
  ],
  ['post-domains-update', ['shop', 'clear'], 'ada removed every domain of shop'],
  ['post-domains-update', ['shop', 'reset'], 'ada set the domains of shop back to the global ones'],
  ['post-domains-update', ['shop', 'disable'], 'ada disabled domains for shop'],
  ['post-certs-update', ['shop'], 'ada put a certificate on shop'],
  ['post-certs-remove', ['shop'], 'ada removed the certificate of shop'],
  ['post-proxy-ports-update', ['shop', 'add'], 'ada changed the port mappings of shop'],
  ['post-stop', ['shop'], 'ada stopped shop'],
  ['pre-start', ['shop'], 'ada started shop'],
  ['post-deploy', ['shop', '', '', 'latest'], 'shop went live'],
  ['retire-container-failed', ['shop', 'abc'], 'An old container of shop could not be retired'],
  ['container-died', ['shop', 'web.1', '1'], 'web.1 of shop exited with code 1'],
  ['container-died', ['shop', 'web.1', '137'], 'web.1 of shop was killed by SIGKILL, not for memory'],
  ['container-died', ['shop', 'web.1', '137', 'memory'], 'web.1 of shop was killed for memory'],
  ['container-died', ['shop', 'web.1', '0', ''], 'web.1 of shop ended by itself with exit code 0'],
  ['container-died', ['shop', 'web.1', '139', ''], 'web.1 of shop was ended by SIGSEGV'],
  [
    'container-died',
    ['shop', 'web.1', '', '', '4'],
    'web.1 of shop ended, the last of 4 times that were not observed',
  ],
  [
    'container-oom',
    ['shop', 'web.1', '1'],
    'A process in web.1 of shop was killed for memory; its container goes on',
  ],
  [
    'crash-loop-began',
    ['shop', 'web.1', '3', '0', '1795402278976'],
    'web.1 of shop is in a crash loop: it ended 3 times so far',
  ],
  [
    'crash-loop-began',
    ['shop', 'web.1', '3', '2', '1795402278976'],
    'web.1 of shop is in a crash loop: it ended 3 times so far, 2 of them killed for memory',
  ],
  [
    'crash-loop-began',
    ['shop', 'web.1', '3', '3', '1795402278976'],
    'web.1 of shop is killed for memory again and again, 3 times so far',
  ],
  [
    'crash-loop-ended',
    ['shop', 'web.1', '40', 'stable'],
    'The crash loop of web.1 of shop ended after 40 deaths: it has been running long enough',
  ],
  [
    'crash-loop-ended',
    ['shop', 'web.1', '11', 'gave up'],
    'The crash loop of web.1 of shop ended after 11 deaths: Docker does not start it any more',
  ],
  [
    'proxy-stale',
    ['shop', '172.17.0.7'],
    'nginx sends requests for shop to 172.17.0.7, where it no longer is',
  ],
  ['proxy-mended', ['shop'], 'nginx sends requests for shop to where it is again'],
  ['app-gone', ['shop'], 'shop is gone'],
  ['domains-seen', ['shop', 'a.com'], 'The domains of shop are now a.com'],
  ['domains-seen', ['shop'], 'The domains of shop are now none'],
  ['formation-seen', ['shop', 'web=2', 'worker=1'], 'shop is scaled to 2 web, 1 worker'],
  ['config-seen', ['shop', 'A', 'B'], 'The config keys of shop are now A and B'],
  ['lock-seen', ['shop', 'true'], 'shop is locked'],
  ['a-trigger-of-tomorrow', ['shop'], 'a-trigger-of-tomorrow of shop'],
])('%s %j reads "%s"', (trigger, args, sentence) => {
  expect(say(trigger, args)).toBe(sentence)
})

test.each([
  ['post-app-rename', ['kanban', 'board'], 'ada renamed kanban to board'],
  ['post-app-clone-setup', ['shop', 'shop-2'], 'ada cloned shop as shop-2'],
  ['scheduler-post-run', ['docker-local', 'shop', 'c0ffee', '0'], 'ada ran a command in shop'],
  ['dokkubase-set', ['allow-local-git', 'true'], 'ada set allow-local-git of this panel to true'],
  [
    'dokkubase-set',
    ['retention-logs', ''],
    'ada put retention-logs of this panel back to what it is by default',
  ],
  [
    'scheduler-post-run',
    ['docker-local', 'shop', 'c0ffee', '1'],
    'ada ran a command in shop; it ended with 1',
  ],
])('%s %j names the app, which is not its first argument: "%s"', (trigger, args, sentence) => {
  expect(say(trigger, args, { app: args[1] ?? null })).toBe(sentence)
})

test.each([
  [cronId('shop', { command: 'rake sweep', schedule: '@daily' }), '0', 'cron ran rake sweep in shop'],
  [
    cronId('shop', { command: 'rake sweep', schedule: '@daily' }),
    '1',
    'cron ran rake sweep in shop; it ended with 1',
  ],
  ['cGhwPT09cGhw', '0', 'cron ran a cron entry of shop'],
])('a run of the cron entry %s that ended with %s reads "%s"', (note, code, sentence) => {
  const args = ['docker-local', 'shop', 'c0ffee', code]
  expect(say('scheduler-post-run', args, { app: 'shop', actor: 'cron', note })).toBe(sentence)
})

test.each([
  [' detached', 'ada began a command in shop, in the background'],
  [
    `${cronId('shop', { command: 'rake sweep', schedule: '@daily' })} detached`,
    'ada began rake sweep in shop, in the background',
  ],
])('of a run in the background nobody knows how it ended', (note, sentence) => {
  expect(say('scheduler-post-run', ['docker-local', 'shop', 'c0ffee', '0'], { app: 'shop', note })).toBe(
    sentence,
  )
})

test.each([
  ['git-hook', 'running', 'ada is deploying shop'],
  ['git-hook', 'succeeded', 'ada deployed shop'],
  ['git-hook', 'failed', 'ada failed to deploy shop'],
  ['git:sync', 'running', 'ada is deploying shop from git'],
  ['git:sync', 'canceled', 'ada began to deploy shop from git; it was canceled'],
  ['git-hook', 'canceled', 'ada began to deploy shop; it was canceled'],
  ['git-hook', 'failed after it was live', 'ada deployed shop; it failed after it was live'],
  ['ps:restart', 'failed after it was live', 'ada restarted shop; it failed after it was live'],
  ['git-hook', 'skipped', 'ada pushed another branch of shop; nothing was deployed'],
  ['git:sync', 'skipped', 'ada fetched shop from git; nothing was to be built'],
  ['git:from-archive', 'skipped', 'ada brought shop what it has already; nothing was built'],
  ['git-hook', 'refused', 'ada tried to deploy shop while another deploy was running'],
  ['ps:rebuild', 'built', 'ada built shop without deploying it'],
  ['deploy', 'running', 'ada is starting shop'],
  ['deploy', 'succeeded', 'ada started shop'],
  ['git-hook', undefined, 'ada began to deploy shop'],
  ['ps:restart', 'succeeded', 'ada restarted shop'],
  ['git:from-image', 'succeeded', 'ada deployed an image to shop'],
  ['one:of-tomorrow', 'succeeded', 'ada deployed shop'],
] as const)('a deploy by %s that is %s reads "%s"', (source, outcome, sentence) => {
  expect(say('builds-record-start', ['shop', 'b1', '4242', source], { outcome })).toBe(sentence)
})

test('what concerns no app concerns the server', () => {
  expect(say('post-config-update', ['', 'set', 'TZ'], { app: null })).toBe('ada set TZ for all apps')
})

test('where nobody is known, it was somebody', () => {
  expect(say('post-stop', ['shop'], { actor: 'unknown' })).toBe('Somebody stopped shop')
})

const adas = { ...noCaller, command: 'ps:scale', sshUser: 'dokkubase', sshName: 'ada' }
const was = (...before: readonly string[]) => JSON.stringify({ untold: true, before })

test.each([
  ['formation-seen', ['shop', 'web=2'], was('web=1'), 'shop was scaled: web from 1 to 2'],
  [
    'formation-seen',
    ['shop', 'web=2', 'worker=1', 'clock=1'],
    was('web=1', 'worker=1', 'old=3'),
    'shop was scaled: web from 1 to 2, clock to 1, no old any more',
  ],
  ['formation-seen', ['shop', 'web=2'], was(), 'shop is scaled to 2 web'],
  ['formation-seen', ['shop', 'web=2'], 'no JSON', 'shop is scaled to 2 web'],
  ['domains-seen', ['shop', 'a.com', 'b.com'], was('a.com'), 'The domains of shop changed: b.com was added'],
  [
    'domains-seen',
    ['shop', 'c.com'],
    was('a.com', 'b.com'),
    'The domains of shop changed: c.com was added, a.com and b.com were removed',
  ],
  ['domains-seen', ['shop'], was('a.com'), 'The domains of shop changed: a.com was removed'],
  [
    'config-seen',
    ['shop', 'A', 'B'],
    was('B', 'C'),
    'The config keys of shop changed: A was added, C was removed',
  ],
])('%s %j after %s reads "%s"', (trigger, args, note, sentence) => {
  expect(say(trigger, args, { note })).toBe(sentence)
})

test('a scale of somebody who is known is told from what to what, as what they did', () => {
  const known = { caller: adas }
  expect(say('formation-seen', ['shop', 'web=2'], { ...known, note: was('web=1') })).toBe(
    'ada scaled shop: web from 1 to 2',
  )
  expect(say('formation-seen', ['shop', 'web=2'], known)).toBe('ada scaled shop to 2 web')
})

test.each([
  [['shop', 'add'], 'http:80:5000', 'ada set the port mappings of shop to http:80:5000'],
  [
    ['shop', 'set'],
    'http:80:5000 https:443:5000',
    'ada set the port mappings of shop to http:80:5000, https:443:5000',
  ],
  [
    ['shop', 'set'],
    [1, 2, 3, 4, 5, 6, 7, 8].map((port) => `http:${port}:1`).join(' '),
    'ada set the port mappings of shop to http:1:1, http:2:1, http:3:1, http:4:1, http:5:1, http:6:1 and 2 more',
  ],
  [['shop', 'remove'], '', 'ada changed the port mappings of shop'],
  [['shop', 'clear'], '', 'ada removed the port mappings of shop'],
])('port mappings, %j with %j mapped, read "%s"', (args, note, sentence) => {
  expect(say('post-proxy-ports-update', args, { note })).toBe(sentence)
})

test('ps:scale leaves nothing but a post-deploy, and is said as what it was', () => {
  const caller = { ...noCaller, command: 'ps:scale' }
  expect(say('post-deploy', ['shop', '', '', 'latest'], { caller })).toBe('ada scaled shop')
})
