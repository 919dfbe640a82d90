import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folders of one simulated server, shaped as Dokku's own below `root`. */
export interface Place {
  readonly root: string
  /** DOKKU_LIB_ROOT */
  readonly lib: string
  /** DOKKU_ROOT: a folder an app, with its bare git repository. */
  readonly home: string
  /** What only the simulator reads: apps and containers. */
  readonly state: string
  /** Docker's events, one JSON line each, appended as they happen. */
  readonly dockerEvents: string
}

export const LAUNCHER = fileURLToPath(new URL('dokku', import.meta.url))

/** The server named by DOKKU_SIMULATOR_ROOT; without it one below the user's state folder. */
export function placeOf(env: Readonly<Record<string, string | undefined>>): Place {
  const state = env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state')
  return placeAt(env.DOKKU_SIMULATOR_ROOT ?? join(state, 'dokkubase', 'simulator'))
}

export function placeAt(root: string): Place {
  return {
    root,
    lib: join(root, 'var/lib/dokku'),
    home: join(root, 'home/dokku'),
    state: join(root, 'state.db'),
    dockerEvents: join(root, 'docker-events.jsonl'),
  }
}

/**
 * Makes the folders and `bin/dokku`, an executable bound to this server whatever the caller's environment says:
 * the panel strips DOKKU_* from what it runs. Safe to call twice.
 */
export function prepare(place: Place): { readonly dokku: string } {
  for (const folder of [place.home, join(place.lib, 'plugins/enabled'), join(place.root, 'bin')])
    mkdirSync(folder, { recursive: true })
  const dokku = join(place.root, 'bin/dokku')
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
  const functions = join(place.lib, 'core-plugins/available/common')
  mkdirSync(functions, { recursive: true })
  writeFileSync(join(functions, 'functions'), FUNCTIONS)
  // Behind the gate PATH is the system's, where there may be no Node, or another one.
  const path = `${quoted(dirname(process.execPath))}${delimiter}"$PATH"`
  const script = `#!/bin/sh\nPATH=${path} DOKKU_SIMULATOR_ROOT=${quoted(place.root)} exec ${quoted(LAUNCHER)} "$@"\n`
  writeFileSync(dokku, script, { mode: 0o755 })
  return { dokku }
}

/** What plugins' own commands source of Dokku's: its ways of saying something. */
const FUNCTIONS = `dokku_log_quiet() { [[ $DOKKU_QUIET_OUTPUT ]] || echo "$*"; }
dokku_log_info1() { echo "-----> $*"; }
dokku_log_info1_quiet() { dokku_log_quiet "-----> $*"; }
dokku_log_info2() { echo "=====> $*"; }
dokku_log_info2_quiet() { dokku_log_quiet "=====> $*"; }
dokku_log_verbose() { echo "       $*"; }
dokku_log_verbose_quiet() { dokku_log_quiet "       $*"; }
dokku_log_warn() { echo " !     $*" 1>&2; }
dokku_log_fail() { dokku_log_warn "$@"; exit "\${DOKKU_FAIL_EXIT_CODE:=1}"; }
verify_app_name() { [[ -d "$DOKKU_ROOT/$1" ]] || DOKKU_FAIL_EXIT_CODE=20 dokku_log_fail "App $1 does not exist"; }
`

export const buildsOf = (place: Place, app: string): string => join(place.lib, 'data/builds', app)
export const lockOf = (place: Place, app: string): string => join(place.lib, 'data/apps', app, '.deploy.lock')
export const enabledPlugins = (place: Place): string => join(place.lib, 'plugins/enabled')
