/** What a property is, and what its values may be: narrower than what Dokku takes. Pure. */
import * as z from 'zod'
import type { AppReport } from '../reports/report.ts'

export type PropertyPlugin = Extract<
  AppReport,
  'builder' | 'builder-dockerfile' | 'app-json' | 'git' | 'network' | 'nginx' | 'proxy' | 'ps'
>

export interface Property {
  /** Its command is `PLUGIN:set APP KEY [VALUE]`, its report `PLUGIN:report`. */
  readonly plugin: PropertyPlugin
  readonly key: string
  readonly label: string
  readonly hint?: string
  readonly as: z.ZodType<string>
  /** To choose from; without them it is typed. */
  readonly choices?: readonly string[]
  /** As good as root on the server: only where its root switched this on. */
  readonly allow?: string
}

export const said = (pattern: RegExp, message: string) => z.string().trim().regex(pattern, message)

export const Duration = said(/^(0|[1-9][0-9]{0,5})(ms|s|m|h)?$/, 'write a time such as 60s, 500ms or 2m')
export const Size = said(/^(0|[1-9][0-9]{0,8})[kmg]?$/, 'write a size such as 50m, or 0 for no limit')
export const Whole = said(/^(0|[1-9][0-9]{0,8})$/, 'write a whole number')
export const TrueFalse = z.enum(['true', 'false'], 'true or false')
export const OnOff = z.enum(['on', 'off'], 'on or off')
export const property = (
  plugin: PropertyPlugin,
  key: string,
  label: string,
  as: z.ZodType<string>,
  more: Pick<Property, 'hint' | 'choices' | 'allow'> = {},
): Property => ({ plugin, key, label, as, ...more })

/** What somebody may choose where these plugins are enabled; nothing known of them leaves all. */
export function choicesThere(
  { plugin, key, choices }: Property,
  plugins: readonly string[] | undefined,
): readonly string[] | undefined {
  if (plugins === undefined || choices === undefined) return choices
  if (plugin === 'builder' && key === 'selected')
    return choices.filter((one) => plugins.includes(`builder-${one}`))
  if (plugin === 'proxy' && key === 'type') return choices.filter((one) => plugins.includes(`${one}-vhosts`))
  return choices
}

export const yesNo = { choices: ['true', 'false'] }
export const onOff = { choices: ['on', 'off'] }

const NETWORKS: ReadonlySet<string> = new Set(['initial-network', 'attach-post-create', 'attach-post-deploy'])

/** Whether it is one of Docker's networks by name. */
export const namesNetwork = ({ plugin, key }: Property): boolean => plugin === 'network' && NETWORKS.has(key)

/** What the server's root types to put a switch on. */
export const howToAllow = (name: string): string => `sudo dokku dokkubase:set ${name} true`

/** Why no container may be in this network; null where it may. */
export function networkRefusal(
  name: string,
  networks: readonly string[] | undefined,
  allowed: readonly string[],
): string | null {
  if (name === 'host')
    return allowed.includes('allow-host-network')
      ? null
      : `the server's own network is as good as root on it; its root may allow it: ${howToAllow('allow-host-network')}`
  if (networks === undefined || networks.includes(name)) return null
  return `Docker has no network ${name}, so every later deploy would fail; dokku network:create ${name} makes one`
}
