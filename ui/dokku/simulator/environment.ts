import { join } from 'node:path'
import type { World } from './world.ts'

/** What hooks and plugins' commands find in their environment, as recorded. */
export function environmentOf(world: World): NodeJS.ProcessEnv {
  const { place, caller, build, cronId } = world
  const plugins = join(place.lib, 'plugins')
  const core = join(place.lib, 'core-plugins')
  const labels =
    '--label=org.label-schema.schema-version=1.0 --label=org.label-schema.vendor=dokku --label=dokku'
  return {
    ...inherited(),
    DOCKER_BIN: 'docker',
    DOKKU_API_VERSION: '1',
    DOKKU_COMMAND: caller.command,
    DOKKU_CONTAINER_LABEL: 'dokku',
    DOKKU_DISTRO: 'debian',
    DOKKU_GLOBAL_BUILD_ARGS: labels,
    DOKKU_GLOBAL_RUN_ARGS: labels,
    DOKKU_HOST_ROOT: place.home,
    DOKKU_LIB_ROOT: place.lib,
    DOKKU_LOGS_DIR: join(place.root, 'var/log/dokku'),
    DOKKU_NOT_IMPLEMENTED_EXIT: '10',
    DOKKU_PID: String(world.pid()),
    DOKKU_ROOT: place.home,
    DOKKU_SYSTEM_GROUP: 'dokku',
    DOKKU_SYSTEM_USER: 'dokku',
    DOKKU_VALID_EXIT: '0',
    PLUGIN_PATH: plugins,
    PLUGIN_AVAILABLE_PATH: plugins,
    PLUGIN_ENABLED_PATH: join(plugins, 'enabled'),
    PLUGIN_CORE_PATH: core,
    PLUGIN_CORE_AVAILABLE_PATH: join(core, 'available'),
    PLUGIN_CORE_ENABLED_PATH: join(core, 'enabled'),
    SSH_USER: caller.sshUser,
    SSH_NAME: caller.sshName,
    ...(caller.name === '' ? {} : { NAME: caller.name }),
    ...(caller.fingerprint === '' ? {} : { FINGERPRINT: caller.fingerprint }),
    ...(caller.sudoUser === '' ? {} : { SUDO_USER: caller.sudoUser }),
    ...(cronId === '' ? {} : { DOKKU_CRON_ID: cronId }),
    ...(build === null
      ? {}
      : {
          DOKKU_BUILD_ID: build.id,
          DOKKU_BUILD_SOURCE: build.source,
          DOKKU_BUILD_LOG_FILE: build.log,
          DOKKU_REDIRECT_OUTPUT: 'true',
        }),
  }
}

/** The caller's environment without what Dokku would have set; the simulator's own settings stay. */
function inherited(): NodeJS.ProcessEnv {
  const ours = /^(DOKKU_(?!SIMULATOR_)|PLUGIN_|SSH_|SUDO_|NAME$|FINGERPRINT$)/
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !ours.test(key)))
}
