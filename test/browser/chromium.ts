/** Debian's Chromium, asking nothing of the network by itself. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { PATIENCE_MS } from '../patience.ts'

const CHROMIUM = '/usr/bin/chromium'

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const startBrowser = (): Promise<Browser> => {
  if (!existsSync(CHROMIUM)) throw new Error(`Browser tests need ${CHROMIUM}: apt-get install chromium`)
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET, timeout: PATIENCE_MS })
}
