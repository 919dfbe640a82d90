/** What may go wrong on request. */
export const FAULTS = [
  /** The image can't be built: npm finds no package. */
  'build',
  /** No builder fits: herokuish can't be pulled. */
  'no-builder',
  'dockerfile-syntax',
  'bad-app-json',
  /** The page answers 500. */
  'healthcheck',
  /** The container ends by itself. */
  'crash',
  'predeploy',
  /** What is run in a container, by hand or by cron, ends with 1. */
  'run',
  /** `nginx -t` fails. */
  'proxy',
  /** Another deploy holds the app's lock. */
  'lock',
  /** Ten times slower. */
  'slow',
  /** 100,000 lines of build output. */
  'long-output',
  /** Bytes that try to break a terminal, a page and a reader of lines. */
  'hostile',
  /** The last lines reach the log 0.3 s after the process ended, as a slow `tee` writes them. */
  'late-log',
  /** Let's Encrypt finds no address of the domain, cannot reach it, does not find its file there, had too much. */
  'acme-dns',
  'acme-connection',
  'acme-challenge',
  'acme-rate-limit',
] as const

export type Fault = (typeof FAULTS)[number]

/** Faults out of a comma-separated list; an unknown word is an error that names the known ones. */
export function parseFaults(text: string | undefined): Set<Fault> {
  const words = (text ?? '').split(',').filter((word) => word !== '')
  return new Set(words.map(known))
}

function known(word: string): Fault {
  const fault = FAULTS.find((candidate) => candidate === word)
  if (fault === undefined) throw new Error(`there is no fault "${word}"; known: ${FAULTS.join(', ')}`)
  return fault
}
