import { describe, expect, test } from 'vitest'
import { nearNames } from '../../../ui/search/near.ts'
import { type Hit, onlyOf, pagesFor, wantedOf } from '../../../ui/search/search.ts'

describe('what was typed', () => {
  test.each([
    ['#14', { app: null, number: 14 }],
    ['14', { app: null, number: 14 }],
    ['Shop  #14', { app: 'shop', number: 14 }],
    ['shop 14', { app: 'shop', number: 14 }],
    ['shop', null],
    ['shop #x', null],
    ['1234567890', null],
  ])('%s is the number of a deployment: %j', (typed, number) => {
    expect(wantedOf(typed).number).toEqual(number)
  })

  test.each([
    ['9c31f04', '9c31f04'],
    ['9C31', '9c31'],
    ['9c3', null],
    ['shop', null],
    ['a'.repeat(41), null],
  ])('%s is the beginning of a revision: %s', (typed, revision) => {
    expect(wantedOf(typed).revision).toBe(revision)
  })

  test('is cut where it is longer than any name', () => {
    expect(wantedOf(` ${'x'.repeat(300)} `).text).toHaveLength(100)
  })
})

describe('pages', () => {
  const pages = (typed: string) =>
    pagesFor(wantedOf(typed), (name) => name === 'shop').map(({ href, isExact }) => [href, isExact])

  test.each([
    ['dep', [['/deployments', false]]],
    ['Jobs', [['/jobs', true]]],
    ['config', [['/config', false]]],
    ['shop lo', [['/apps/shop/logs', false]]],
    ['shop logs', [['/apps/shop/logs', true]]],
    ['shop overview', [['/apps/shop', true]]],
    ['nope logs', []],
    ['', []],
  ])('"%s" leads to %j', (typed, found) => {
    expect(pages(typed)).toEqual(found)
  })
})

describe('Enter leads at once', () => {
  const hit = (name: string, isExact = false): Hit => ({
    ...{ kind: 'app', name, detail: '', href: `/apps/${name}`, isExact },
  })

  test.each([
    [[hit('old-shop'), hit('shop', true)], 'shop'],
    [[hit('shop')], 'shop'],
    [[hit('shop'), hit('old-shop')], undefined],
    [[hit('jobs', true), hit('jobs-page', true)], undefined],
    [[], undefined],
  ])('of %j to %s', (hits, name) => {
    expect(onlyOf(hits)?.name).toBe(name)
  })
})

describe('near names', () => {
  const names = ['shop', 'old-shop', 'blog', 'api', 'analytics', 'status']
  test.each([
    ['shpo', ['shop']],
    ['shp', ['shop']],
    ['shops', ['shop']],
    ['anaylitcs', ['analytics']],
    ['analyt', ['analytics']],
    ['BLOG', ['blog']],
    ['wp-login.php', []],
    ['', []],
  ])('of %s are %j', (wanted, near) => {
    expect(nearNames(wanted, names)).toEqual(near)
  })

  test('are few, and long ones are passed over', () => {
    expect(nearNames('app', ['app1', 'app2', 'app3', 'app4'])).toEqual(['app1', 'app2', 'app3'])
    expect(nearNames('x'.repeat(5000), ['x'.repeat(5000)])).toEqual([])
  })
})
