/**
 * What may stand where in a Dokku command: narrower than what Dokku takes, so that nothing typed into a form ever is
 * an option, a path or a second command. The gate on the server checks the same again.
 */
import * as z from 'zod'

/** Our own front app: nothing on these pages changes it. */
export const PANEL_APP = 'dokkubase'
const IS_PANEL = 'this is the panel itself: it is changed on the server, by dokku dokkubase:*'

const said = (pattern: RegExp, message: string) => z.string().regex(pattern, message)

/** An app that is there, as Dokku names them. */
export const AppName = said(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'this is no name of an app').refine(
  (name) => name !== PANEL_APP,
  IS_PANEL,
)
/** An app that is to be: also a name in a domain, so without dots and no longer than 63. */
export const NewAppName = said(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  'use small letters, digits and dashes between them, 63 at most',
).refine((name) => name !== PANEL_APP, IS_PANEL)
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
const PORT = '([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])'
const HOST = `${LABEL}(\\.${LABEL})*`
const REPOSITORY = '[A-Za-z0-9_.~][A-Za-z0-9_.~/%+-]{0,500}'
const GIT_USER = '[A-Za-z0-9_][A-Za-z0-9_.-]*'
/** Where code is fetched from, over the network only: a file of the server or a helper program is root's to allow. */
export const GitUrl = z
  .string()
  .trim()
  .max(600, 'an address is 600 letters at most')
  .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), {
    message:
      'leave name and password out of the address: the server keeps them, by dokku git:auth HOST USER < file',
    abort: true,
  })
  .regex(
    new RegExp(
      `^(https?://${HOST}(:${PORT})?/|ssh://(${GIT_USER}@)?${HOST}(:${PORT})?/|${GIT_USER}@${HOST}:/?)${REPOSITORY}$`,
    ),
    'write an address such as https://git.example.com/ada/shop.git or git@git.example.com:ada/shop.git',
  )
/** A repository on the server's own disk, as a folder or a file:// address: its root's to allow. */
export const LocalGit = z
  .string()
  .trim()
  .max(600, 'an address is 600 letters at most')
  .regex(
    /^(file:\/\/)?(\/[A-Za-z0-9_.~+-]+)+\/?$/,
    'write the repository’s folder, such as file:///srv/git/shop.git',
  )
  .refine((path) => !/(^|\/)\.\.?(\/|$)/.test(path), 'write the folder without . and ..')
/** A branch, a tag or a commit. */
export const GitRef = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z0-9_]([A-Za-z0-9_/@+-]|\.[A-Za-z0-9_/@+-]){0,250}$/,
    'write a branch, a tag or a commit, such as main or v1.2',
  )
  .refine((ref) => !/@\{|\/\/|\/$/.test(ref), 'write a branch, a tag or a commit, such as main or v1.2')
const SLUG = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
/** An image in a registry; without one in its name, Docker Hub's. */
export const ImageName = z
  .string()
  .trim()
  .max(600, 'the name of an image is 600 letters at most')
  .regex(
    new RegExp(
      `^${SLUG}([._]{1,2}${SLUG})*(:${PORT})?(/${SLUG}(([._]|__)${SLUG})*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$`,
    ),
    'write an image such as ghcr.io/ada/shop:1.2, without docker:// and blanks',
  )
/** A file or a folder within an app's code. */
export const CodePath = z
  .string()
  .trim()
  .max(500, 'a path is 500 letters at most')
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_-]*([./][A-Za-z0-9_-]+)*$/,
    'write a path within the code, such as deploy/Dockerfile, without .. and a / in front',
  )
