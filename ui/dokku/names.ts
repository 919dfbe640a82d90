/**
 * What may stand where in a Dokku command: narrower than what Dokku takes, so that nothing typed into a form ever is
 * an option, a path or a second command. The gate on the server checks the same again.
 */
import { domainToASCII } from 'node:url'
import * as z from 'zod'

/** Our own front app: nothing on these pages changes it. */
export const PANEL_APP = 'dokkubase'
const IS_PANEL = 'this is the panel itself: it is changed on the server, by dokku dokkubase:*'

const said = (pattern: RegExp, message: string) => z.string().regex(pattern, message)

const APP = /^[a-z0-9][a-z0-9._-]{0,62}$/
/** An app that is there, as Dokku names them; it gives no app a name with `_` any more, and goes on with those it has. */
export const AppName = said(APP, 'this is not a valid app name').refine(
  (name) => name !== PANEL_APP,
  IS_PANEL,
)
/** Whether Dokku takes commands about an app of this name. Of apps as old as those with capitals it takes none. */
export const isAppName = (name: string): boolean => APP.test(name)
const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
/** An app that is to be. A name with dots is its whole domain; in nginx an empty label in it would break every site. */
export const NewAppName = said(
  new RegExp(`^(?=.{1,63}$)${LABEL}(\\.${LABEL})*$`),
  'use lowercase letters, digits, and dashes or dots between them, at most 63 characters',
).refine((name) => name !== PANEL_APP, IS_PANEL)
export const ProcessName = said(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
  'a process type is letters, digits, - and _',
)
const HOST_NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(\\.${LABEL})*$`)
const isHostName = (name: string): boolean => HOST_NAME.test(name)
const isDomain = (name: string): boolean => isHostName(name.replace(/^\*\./, ''))
/** Letters beyond ASCII as DNS has them (`xn--…`); what has no such form, or more than a name in it, stays as it is. */
const toAscii = (name: string): string =>
  /[^\p{ASCII}]/u.test(name) && !/[/?#:@\\]/.test(name) ? domainToASCII(name) || name : name

/** Reads what a user typed for a domain; refuses with what to type instead. */
const domain = (isTaken: (name: string) => boolean) =>
  z
    .string()
    .trim()
    .transform((typed, context) => {
      const name = toAscii(typed.toLowerCase())
      if (isTaken(name)) return name
      context.addIssue(whyNoDomain(name))
      return z.NEVER
    })
/** A host name, or a pattern such as *.example.com. */
export const DomainName = domain(isDomain)
/** Of an app also `.example.com` (with all below it) and `_` (no name at all), which nginx takes as well. */
export const AppDomain = domain(
  (name) => name === '_' || isDomain(name) || (name.startsWith('.') && isHostName(name.slice(1))),
)
/**
 * A domain as Dokku has it, in its own spelling: to be removed, or kept beside others. Dokku takes more than nginx does,
 * and makes a pattern of sed of it to remove it.
 */
export const AnyDomain = said(
  /^(_|[A-Za-z0-9*]|[A-Za-z0-9.*][A-Za-z0-9.*-]{0,251}[A-Za-z0-9*-])$/,
  'this is not a domain that Dokku can have',
)

function whyNoDomain(typed: string): string {
  const [, scheme = '', user = '', host = '', port = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#@]*@)?([^/?#:@]*)(:\d*)?([/?#].*)?$/s.exec(typed) ?? []
  const name = toAscii(host.replace(/\.$/, ''))
  if (name !== typed && isDomain(name)) {
    const without = [
      scheme,
      user === '' ? '' : 'user name',
      port,
      rest === '' ? '' : 'path',
      host.endsWith('.') ? 'the dot at the end' : '',
    ].filter((part) => part !== '')
    return `write ${name}, without ${without.join(' and ')}`
  }
  if (typed.includes('..') || /^[.*-]*$/.test(typed))
    return 'nginx would refuse such a name, and with it the configuration of every app'
  return 'write a domain such as shop.example.com, without http:// and path'
}
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
const GIT_URL = new RegExp(
  `^(https?://${HOST}(:${PORT})?/|ssh://(${GIT_USER}@)?${HOST}(:${PORT})?/|${GIT_USER}@${HOST}:/?)${REPOSITORY}$`,
)
const NO_GIT_URL =
  'write an address such as https://git.example.com/ada/shop.git or git@git.example.com:ada/shop.git'
const GIT_HOST = new RegExp(`^(https?://|ssh://(?:${GIT_USER}@)?|(?:${GIT_USER})@)([A-Za-z0-9.-]+)`, 'i')
/** Scheme and host are the same in capitals; a user's name and a path are not. */
const withSmallHost = (url: string): string =>
  url.replace(GIT_HOST, (_, before: string, host: string) =>
    before.includes('://')
      ? before.replace(/^[^:]+/, (scheme) => scheme.toLowerCase()) + host.toLowerCase()
      : before + host.toLowerCase(),
  )
const TREE =
  /^(https?:\/\/[^/?#]+\/[^/?#]+\/[^?#]+?)(?:\/-)?\/(?:tree|commit|src\/(?:branch|tag|commit)|releases\/tag)\/([^?#]+)/
/** What to write instead of the address of a web page about a repository, or one with its branch behind a #. */
function insteadOfPage(url: string): string | null {
  const [, repository = '', ref = ''] =
    (/\.git([?#]|$)/.test(url) ? null : TREE.exec(url)) ?? /^([^?#]+)#(.+)$/s.exec(url) ?? []
  if (repository !== '')
    return `write ${repository} here, and ${ref.replace(/\/$/, '')} as its branch, tag or commit`
  const [, address = ''] = /^(https?:\/\/[^?#]+)[?#]/.exec(url) ?? []
  return address === '' ? null : `write ${address}, without what follows it`
}
/** Where code is fetched from, over the network only: a file of the server or a helper program is root's to allow. */
export const GitUrl = z
  .string()
  .trim()
  .max(600, { message: 'an address is 600 letters at most', abort: true })
  .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), {
    message:
      'leave name and password out of the address: the server keeps them, by dokku git:auth HOST USER < file',
    abort: true,
  })
  .transform((typed, context) => {
    const url = withSmallHost(typed)
    const instead = insteadOfPage(url)
    if (instead === null && GIT_URL.test(url)) return url
    context.addIssue(instead ?? NO_GIT_URL)
    return z.NEVER
  })
/** Whether a path has a step to where it is or above it. */
export const climbs = (path: string): boolean => /(^|\/)\.\.?(\/|$)/.test(path)
/** A repository on the server's own disk, as a folder or a file:// address: its root's to allow. */
export const LocalGit = z
  .string()
  .trim()
  .max(600, 'an address is 600 letters at most')
  .regex(
    /^(file:\/\/)?(\/[A-Za-z0-9_.~+-]+)+\/?$/,
    'write the repository’s folder, such as file:///srv/git/shop.git',
  )
  .refine((path) => !climbs(path), 'write the folder without . and ..')
/** Signs and sequences that `git check-ref-format` takes in no name, and a dash in front, which would be an option. */
const NO_REF = /^[-/]|[\p{Cc} ~^:?*[\\]|(^|\/)\.|\.\.|\/\/|@\{|[/.]$|\.lock(\/|$)|^@$/u
const MOST_REF_BYTES = 250
const gitName = (message: string) =>
  z
    .string()
    .trim()
    .refine(
      (ref) =>
        ref !== '' && ref.isWellFormed() && !NO_REF.test(ref) && Buffer.byteLength(ref) <= MOST_REF_BYTES,
      message,
    )
/** A branch, a tag or a commit: whatever git takes for one. */
export const GitRef = gitName('write a branch, a tag or a commit, such as main or v1.2')
export const GitBranch = gitName('write the name of a branch, such as main')
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
const NO_CODE_PATH = 'write a path within the code, such as deploy/Dockerfile, without .. and a / in front'
/** A file or a folder within an app's code. */
export const CodePath = z
  .string()
  .trim()
  // Before anything is read of it: that takes the square of its length.
  .max(500, { message: 'a path is 500 letters at most', abort: true })
  .transform((path) => path.replace(/^(\.\/+)+/, '').replace(/\/+$/, ''))
  .refine(
    (path) => /^[A-Za-z0-9_.@+][A-Za-z0-9_.@+-]*(\/[A-Za-z0-9_.@+-]+)*$/.test(path) && !climbs(path),
    NO_CODE_PATH,
  )
