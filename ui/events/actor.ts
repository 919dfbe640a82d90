/** Who caused an event, and which way it came in. Pure. */
import type { Event } from './event.ts'

/** Which way an event came in, as a person would say it. */
export type Door = 'git push' | 'ssh' | 'terminal' | 'cron' | 'panel' | 'unknown'

/** SSH_USER of what the gate starts; SSH_NAME is the panel's user who asked. */
export const PANEL_USER = 'dokkubase'

/** Name and door of whoever caused an event: "laptop-key · git push", "root · terminal", "cron · letsencrypt". */
export function actorOf({ caller, buildSource }: Pick<Event, 'caller' | 'buildSource'>): {
  actor: string
  door: Door
} {
  // The gate says so, and takes no such word from anybody; a key may be named as it likes.
  if (caller.sshUser === PANEL_USER) return { actor: caller.sshName, door: 'panel' }
  const named = caller.sshName !== '' && caller.sshName !== 'default'
  if (caller.sshUser === 'dokku' && (named || caller.fingerprint !== ''))
    return {
      actor: caller.sshName || caller.fingerprint,
      door: caller.command === 'git-hook' || buildSource === 'git-hook' ? 'git push' : 'ssh',
    }
  if (caller.sudoUser !== '') return { actor: caller.sudoUser, door: 'terminal' }
  if (caller.sshUser === '' && caller.command === '') return { actor: 'unknown', door: 'unknown' }
  // Root's own commands come through sudo and SSH brings a key, so what runs plainly as dokku is a timer.
  if (caller.sshUser === '' || caller.sshUser === 'dokku') return { actor: 'cron', door: 'cron' }
  return { actor: caller.sshUser, door: 'terminal' }
}
