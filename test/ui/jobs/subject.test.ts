import { expect, test } from 'vitest'
import { appKinds } from '../../../ui/apps/command.ts'
import { certificateKinds } from '../../../ui/certificates/command.ts'
import { configKinds } from '../../../ui/config/command.ts'
import { NOTHING_RESERVED } from '../../../ui/config/reserved.ts'
import { deploymentKinds } from '../../../ui/deployments/command.ts'
import { domainKinds } from '../../../ui/domains/command.ts'
import { subjectOf } from '../../../ui/jobs/job.ts'
import { processKinds } from '../../../ui/processes/command.ts'
import { propertyKinds } from '../../../ui/properties/command.ts'
import { runKinds } from '../../../ui/runs/command.ts'

const KINDS = [
  ...appKinds,
  ...certificateKinds,
  ...configKinds(() => NOTHING_RESERVED),
  ...deploymentKinds,
  ...domainKinds,
  ...processKinds,
  ...propertyKinds,
  ...runKinds,
]

const FIELDS = {
  app: 'blog',
  name: 'shop',
  email: 'ada@example.com',
  domains: ['blog.example.com'],
  url: 'https://github.com/ada/blog.git',
  ref: 'main',
  image: 'nginx:1',
  type: 'tar',
  keys: ['GREETING'],
  restart: true,
  process: 'web',
  scale: { web: '2' },
  memory: '256m',
  seconds: '30',
  host: '/var/lib/dokku/data/storage/blog',
  container: '/data',
  mappings: ['http:80:5000'],
  from: 'old.example.com',
  to: 'blog.example.com',
  program: 'date',
  words: [],
  phases: ['deploy'],
  option: '--ulimit nofile=1024',
  entry: '5d41402abc4b2a76b9719d911017c592',
  id: '5d41402abc4b2a76b9719d911017c592',
}
const PROPERTIES = [
  ['restart-policy', 'always'],
  ['deploy-branch', 'main'],
  ['selected', 'dockerfile'],
  ['type', 'nginx'],
  ['attach-post-deploy', 'net'],
  ['wait-to-retire', '30'],
  ['client-max-body-size', '10m'],
  ['dockerfile-path', 'Dockerfile'],
  ['appjson-path', 'app.json'],
]
const PAYLOADS = [FIELDS, ...PROPERTIES.map(([property, value]) => ({ ...FIELDS, property, value }))]

test('a job of every kind names the app its command names', () => {
  const named = KINDS.map((kind) => {
    for (const payload of PAYLOADS) {
      try {
        const { app, command } = kind.read(payload)
        // apps:create names the app it makes.
        const about = command.find(
          (word) => word === 'blog' || (kind.name === 'apps:create' && word === 'shop'),
        )
        return [kind.name, about ?? null, subjectOf({ app, payload: about === undefined ? {} : payload })]
      } catch {}
    }
    return [kind.name, 'not one payload fits', null]
  })
  expect(named.filter(([, about, subject]) => about !== subject)).toEqual([])
  expect(named.filter(([, about]) => about !== null).length).toBeGreaterThan(30)
})

test('a job whose app is only in its payload is about that app, and any other about the server', () => {
  expect(subjectOf({ app: null, payload: { app: 'blog' } })).toBe('blog')
  expect(subjectOf({ app: 'shop', payload: { app: 'blog' } })).toBe('shop')
  for (const payload of [null, 'blog', {}, { app: 1 }]) expect(subjectOf({ app: null, payload })).toBeNull()
})
