/**
 * What may stand where in a Dokku command: narrower than what Dokku takes, so that nothing typed into a form ever is
 * an option, a path or a second command. The gate on the server checks the same again.
 */
import * as z from 'zod'

/** Our own front app: nothing on these pages changes it. */
export const PANEL_APP = 'dokkubase'

const said = (pattern: RegExp, message: string) => z.string().regex(pattern, message)

/** An app that is there, as Dokku names them. */
export const AppName = said(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'this is no name of an app').refine(
  (name) => name !== PANEL_APP,
  'this is the panel itself: it is changed on the server, by dokku dokkubase:*',
)
/** An app that is to be: also a name in a domain, so without dots and no longer than 63. */
export const NewAppName = AppName.regex(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  'use small letters, digits and single dashes between them, 63 at most',
)
export const ProcessName = said(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
  'a process type is letters, digits, - and _',
)
const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
/** A host name, or a pattern such as *.example.com. */
export const DomainName = z
  .string()
  .trim()
  .toLowerCase()
  .max(253, 'a domain is 253 letters at most')
  .regex(
    new RegExp(`^(\\*\\.)?${LABEL}(\\.${LABEL})*$`),
    'write a domain such as shop.example.com, without http:// and path',
  )
export const Email = said(
  new RegExp(`^[A-Za-z0-9_][A-Za-z0-9._%+-]{0,63}@${LABEL}(\\.${LABEL})+$`),
  'this is no e-mail address',
)
/** A variable of an app's config. */
export const ConfigKey = said(
  /^[A-Za-z_][A-Za-z0-9_]{0,254}$/,
  'a key is letters, digits and _, and begins with no digit',
)
