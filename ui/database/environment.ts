/** Whether it is nobody's fault but the server's: a full disk, a locked database. It passes, and all wait until then. */
export const isEnvironment = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|CORRUPT|NOTADB)/.test(String(error.code))
