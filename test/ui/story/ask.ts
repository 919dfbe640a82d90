/** What tests ask of a page: its HTML, and what a person would read of it. */
import { expect } from 'vitest'
import { panelOf, type Told } from './panel.ts'
import type { Seed } from './seed.ts'

export const asker = (seed: Pick<Seed, 'db'>, told: Told = {}) => {
  const panel = panelOf(seed, told)
  const html = async (path: string, headers: Record<string, string> = {}): Promise<string> => {
    const answer = await panel.request(path, { headers })
    expect(answer.status, `${path} answers`).toBe(200)
    return answer.text()
  }
  return {
    panel,
    html,
    /** The text of the main part, blanks folded. */
    text: async (path: string): Promise<string> => textOf(mainOf(await html(path))),
  }
}

export const mainOf = (page: string): string => page.slice(page.indexOf('<main'), page.indexOf('</main>'))

export const textOf = (html: string): string =>
  html
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .trim()

/** Text as hostile as it comes: markup, quotes, an htmx attribute, text that turns round, and no end to it. */
export const HOSTILE = `"><script>alert(1)</script><b hx-get='/x' onclick="y">‮gnp.\u202c'&amp;${'x'.repeat(300)}`

/** Nothing of it may have become markup. */
export const expectHarmless = (page: string): void => {
  expect(page).not.toContain('<script>alert')
  expect(page).not.toContain('<b hx-get')
  expect(page).not.toMatch(/="[^"<>]*"><script/)
  expect(page).not.toMatch(/\son\w+=["']/)
}
