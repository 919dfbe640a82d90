/** What can be done about certificates from the pages. */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as z from 'zod'
import type { AppReads } from '../apps/app.ts'
import { type DomainReads, isCertifiable } from '../domains/domain.ts'
import type { Ask, AskEnv } from '../jobs/asking.ts'
import type { ReportReads } from '../reports/report.ts'
import { NotFound } from '../web/errors.ts'
import type { CertificateReads } from './certificate.ts'
import { obstacles, readLetsencrypt } from './letsencrypt.ts'
import { checkPair, packed, type Sent, selfSigned } from './pair.ts'
import { Unfit } from './pem.ts'

export interface CertificateActionsOptions {
  readonly ask: Ask
  readonly apps: AppReads
  readonly domains: DomainReads
  readonly certificates: CertificateReads
  readonly reports: ReportReads
}

export const certificateActions = (options: CertificateActionsOptions) => {
  const { ask, apps, domains, certificates, reports } = options
  const of = (name: string) => {
    const app = apps.named(name)
    if (app === undefined || app.destroyedAt !== null) throw new NotFound(`There is no app named ${name}.`)
    const { id } = app
    return {
      id,
      app: name,
      domains: domains.ofApp(id).map(({ domain }) => domain),
      kind: certificates.ofApp(id) === undefined ? 'certs:add' : 'certs:update',
    }
  }
  const payloadOf = (c: Context<AskEnv>) => ({ app: of(c.req.param('app') ?? '').app })
  const letsencryptThere = () => {
    if (reports.server('plugins')?.body.includes('letsencrypt') !== true)
      throw new HTTPException(400, { message: 'The letsencrypt plugin is not installed on this server' })
  }

  return new Hono<AskEnv>()
    .post('/apps/:app/certificate', async (c) => {
      const app = c.req.param('app')
      const { domains, kind } = of(app)
      const sent = await sentIn(c)
      const { text, mended } = checked(sent, domains, c.var.frame.now)
      return ask(c, { kind, payload: { app }, input: { text }, note: inWords(mended) })
    })
    .post('/apps/:app/self-signed-certificate', (c) => {
      const app = c.req.param('app')
      const { domains, kind } = of(app)
      const names = domains.filter(isCertifiable).map((domain) => domain.toLowerCase())
      if (names.length === 0)
        throw new HTTPException(400, { message: 'It would be for no domain: add one first' })
      const text = packed(selfSigned(names, c.var.frame.now))
      return ask(c, { kind, payload: { app }, input: { text } })
    })
    .delete('/apps/:app/certificate', (c) => ask(c, { kind: 'certs:remove', payload: payloadOf(c) }))
    .post('/apps/:app/letsencrypt', (c) => {
      letsencryptThere()
      const app = c.req.param('app')
      const { id, domains } = of(app)
      const facts = reports.facts(id, 'letsencrypt')?.body
      const [obstacle] = facts === undefined ? [] : obstacles(readLetsencrypt(facts), domains)
      if (obstacle !== undefined) throw new HTTPException(400, { message: `Not yet: ${obstacle}` })
      return ask(c, { kind: 'letsencrypt:enable', payload: { app } })
    })
    .post('/apps/:app/letsencrypt/renewals', (c) => {
      letsencryptThere()
      return ask(c, { kind: 'letsencrypt:auto-renew', payload: payloadOf(c) })
    })
    .delete('/apps/:app/letsencrypt', (c) => {
      letsencryptThere()
      return ask(c, { kind: 'letsencrypt:disable', payload: payloadOf(c) })
    })
    .put('/apps/:app/letsencrypt/email', async (c) => {
      letsencryptThere()
      const { email } = await c.req.parseBody()
      return ask(c, { kind: 'letsencrypt:set', payload: { ...payloadOf(c), email } })
    })
    .put('/letsencrypt/email', async (c) => {
      letsencryptThere()
      const { email } = await c.req.parseBody()
      return ask(c, { kind: 'letsencrypt:set-global', payload: { email } })
    })
}

const Text = z.string().catch('')
const File = z.file().optional().catch(undefined)

interface SentForm extends Sent {
  /** Whoever sends it knows that it fits only in part. */
  readonly despite: boolean
}

/** Pasted or as files; a file that was chosen comes before what was pasted. */
async function sentIn(c: Context<AskEnv>): Promise<SentForm> {
  const body = await c.req.parseBody()
  const of = async (field: string): Promise<string> => {
    const file = File.parse(body[`${field}-file`])
    return file === undefined || file.size === 0 ? Text.parse(body[field]) : file.text()
  }
  return { certificate: await of('certificate'), key: await of('key'), despite: body.despite === 'on' }
}

const inWords = (mended: readonly string[]): string =>
  mended.length === 0 ? '' : `${mended.join('; ').replace(/^./, (first) => first.toUpperCase())}.`

/** The archive for Dokku, and what was mended in it; what is wrong is told beside its field. */
function checked({ despite, ...sent }: SentForm, domains: readonly string[], now: number) {
  try {
    const { pair, doubts, mended } = checkPair(sent, domains, now)
    if (doubts.length > 0 && !despite)
      refuse('despite', `${doubts.join('; ')}. Tick this to put it on all the same`)
    return { text: packed(pair), mended }
  } catch (error) {
    if (error instanceof Unfit) refuse(error.field, error.message)
    throw error
  }
}

/** Without what was sent: an error may be logged. */
function refuse(field: string, message: string): never {
  throw new z.ZodRealError([{ code: 'custom', path: [field], message, input: undefined }])
}
