/**
 * Opens streams: for pages of this panel only, for a session that lasts, and a bounded number for each session. Every
 * route that streams asks for admission, whatever its request says it accepts.
 */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isForeign } from '../web/security.ts'

export interface Admission {
  /** Asked again while the stream is open, for a session may be revoked meanwhile. Does not hold the request. */
  stillAllowed(): boolean
  /** The stream has ended. May be called twice. */
  leave(): void
}

/** Throws 403 for a page of another site, and 429 where the session has as many streams as it may have. */
export type Admit = (c: Context) => Admission

/** A browser's tabs that are seen at once, and a log in each; hidden tabs give their streams back. */
const MOST = 32

export interface AdmissionOptions {
  isOpen(sessionId: number): boolean
  readonly most?: number
}

export function admission({ isOpen, most = MOST }: AdmissionOptions): Admit {
  const open = new Map<number, number>()
  return (c) => {
    if (isForeign(c)) throw new HTTPException(403)
    const session: number = c.get('sessionId')
    const count = open.get(session) ?? 0
    if (count >= most)
      throw new HTTPException(429, {
        message: `${most} pages of this panel are open in this browser. Close some; this one then goes on by itself.`,
      })
    open.set(session, count + 1)
    let left = false
    return {
      stillAllowed: () => isOpen(session),
      leave() {
        if (left) return
        left = true
        const others = (open.get(session) ?? 1) - 1
        if (others === 0) open.delete(session)
        else open.set(session, others)
      },
    }
  }
}
