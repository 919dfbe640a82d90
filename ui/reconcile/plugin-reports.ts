/** Reads the reports of plugins that Dokku does not ship: their released versions differ in what they can say. */
import { type Command, type Dokku, DokkuError, NO_SUCH_APP } from '../dokku/dokku.ts'
import { readFacts, readTextReport } from '../dokku/report.ts'
import type { Facts, PluginReport } from '../reports/report.ts'

/**
 * The report of one plugin about one app, by whichever of its forms this version knows. Where it knows none, the fact
 * `unreadable` says why. Throws DokkuError where Dokku itself does not answer, or has no such app.
 */
export async function readPluginReport(dokku: Dokku, name: PluginReport, app: string): Promise<Facts> {
  const [first, ...others] = forms(name, app)
  let refusal = ''
  for (const { command, read } of [first, ...others]) {
    try {
      const facts = read(await dokku.run(command))
      return name === 'http-auth' ? await withProtection(dokku, app, facts) : facts
    } catch (error) {
      if (!isRefusal(error)) throw error
      refusal ||= error.said
    }
  }
  return { unreadable: refusal || `${first.command[0]} said nothing` }
}

interface Form {
  readonly command: Command
  read(stdout: string): Facts
}

/** Newest first. redirect 0.9.1 has no report, http-auth 0.10.0 no JSON. */
const forms = (name: PluginReport, app: string): readonly [Form, ...Form[]] =>
  name === 'redirect'
    ? [
        { command: ['redirect:report', app], read: (text) => ({ text }) },
        { command: ['redirect', app], read: (text) => ({ text }) },
      ]
    : [
        { command: [`${name}:report`, app, '--format', 'json'], read: readFacts },
        { command: [`${name}:report`, app], read: (text) => readTextReport(text, name) },
      ]

/**
 * Adds what nginx was really told: without a user some versions of http-auth write no `auth_basic`, and then everyone gets
 * in; others write one that nobody can pass.
 */
async function withProtection(dokku: Dokku, app: string, facts: Facts): Promise<Facts> {
  if (facts.enabled !== 'true') return facts
  try {
    const nginx = await dokku.run(['http-auth:show-config', app])
    return { ...facts, 'asks-for-password': String(asksForPassword(nginx)) }
  } catch (error) {
    if (isRefusal(error)) return facts
    throw error
  }
}

/** Whether a part of nginx's configuration asks for a password anywhere. */
export const asksForPassword = (nginx: string): boolean =>
  /^[ \t]*auth_basic[ \t]+(?!off\b|[ \t])/m.test(nginx)

/** Whether the plugin answered that it does not know this, rather than that nothing answered at all. */
const isRefusal = (error: unknown): error is DokkuError =>
  error instanceof DokkuError &&
  error.exitCode !== null &&
  error.exitCode < 126 &&
  error.exitCode !== NO_SUCH_APP
