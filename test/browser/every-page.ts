/** The addresses of every page there is on a seeded server, with two jobs: for what is to hold on all of them. */
import { expect } from 'vitest'
import { eventually } from '../patience.ts'
import type { Service } from './opened.ts'

export const PAGES = [
  '/',
  '/apps',
  '/apps?view=list',
  '/apps?q=nothing-is-called-so',
  '/apps/shop',
  '/apps/old-shop',
  '/apps/empty-lot',
  '/apps/shop/deployments',
  '/apps/api/deployments/36',
  '/apps/shop/deployments/54',
  '/apps/shop/logs',
  '/apps/shop/config',
  '/apps/shop/config/set',
  '/apps/shop/config/paste',
  '/apps/shop/domains',
  '/apps/shop/certificate',
  '/apps/shop/processes',
  '/apps/shop/run',
  '/apps/shop/settings',
  '/apps/shop/events',
  '/deployments',
  '/domains',
  '/config',
  '/certificates',
  '/jobs',
  '/jobs/1',
  '/jobs/2',
  '/events',
  '/search?q=sho',
  '/search?q=nothing-like-it',
  '/audit',
  '/account',
] as const

/** One that failed, with its reason and its output, and one that waits. */
export const twoJobs = async ({ jobs, dokkuDoes }: Service) => {
  const ada = { id: 1, name: 'admin' }
  dokkuDoes('echo "-----> Restarting"; echo " !     App shop does not exist" >&2; exit 20')
  jobs.ask([{ kind: 'restart', payload: { app: 'shop' } }], ada)
  jobs.ask([{ kind: 'rebuild', payload: { app: 'blog' }, runAt: Date.now() + 3600_000 }], ada)
  await eventually(() => expect(jobs.output.complete(1)).toBe(true))
}
