import { callerWithKey } from '../dokku/simulator/push.ts'
import type { Caller } from '../dokku/simulator/world.ts'

/** Who deploys, and through which door. */
export interface Person {
  readonly caller: Omit<Caller, 'command'>
  /** How git names them. */
  readonly author: string
}

const pusher = (key: string, author: string): Person => ({ caller: callerWithKey(key), author })
const atTerminal = (user: string): Person => ({
  caller: { sshUser: user, sshName: 'default', name: '', fingerprint: '', sudoUser: user },
  author: '',
})

export const PEOPLE = {
  ada: pusher('ada-laptop', 'Ada Okafor <ada@lantern.example>'),
  tomas: pusher('tomas-desktop', 'Tomáš Dvořák <tomas@lantern.example>'),
  mei: pusher('mei-macbook', 'Mei Lindqvist <mei@lantern.example>'),
  ci: pusher('ci', 'Ada Okafor <ada@lantern.example>'),
  root: atTerminal('root'),
  karolina: atTerminal('karolina'),
  cron: {
    caller: { sshUser: '', sshName: 'default', name: '', fingerprint: '', sudoUser: '' },
    author: '',
  },
} as const satisfies Readonly<Record<string, Person>>

export type Name = keyof typeof PEOPLE
