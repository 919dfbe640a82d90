/** Builders that do not recognise the code, or find nothing to start in it. */
import { BUILDS, type Cause } from './cause.ts'

export const BUILDERS: readonly Cause[] = [
  {
    kind: 'builder missing',
    when: [/\bMissing \w+, install it\b/],
    hint: 'The server lacks the program of this builder. Its administrator installs it, or the app takes another builder: `dokku builder:set APP selected herokuish`.',
  },
  {
    kind: 'lambda',
    when: [/\blambda\.zip not detected\b/],
    hint: 'The lambda builder made no lambda.zip: the line before says why. It needs the files of its runtime (requirements.txt, package.json, go.mod, …) at the root, or a lambda.yml.',
    weight: 'primary',
  },
  {
    kind: 'no builder',
    when: [
      /\bUnable to select a buildpack\b|\bNo buildpack groups passed detection\b/i,
      /\bRailpack could not determine\b|\bNixpacks was unable to generate\b/i,
      /\bno buildpacks participating\b|\bNo default language could be detected\b|\bcould not detect\b/i,
      /\bApp not compatible with buildpack\b|\bNo matching buildpack\b/i,
    ],
    hint: ({ line }) =>
      `No builder recognised the code. Add a Dockerfile, or the file its language is known by (package.json, requirements.txt, …) at the root; in a monorepo name the folder: \`dokku builder:set APP build-dir FOLDER\`.${/select a buildpack/i.test(line) ? ' Dokku took the buildpack builder because it found no Dockerfile.' : ''}`,
    steps: BUILDS,
  },
  {
    kind: 'builder settings',
    when: [
      /\bFailed to parse Nixpacks config\b|\bfailed to (?:parse|read) railpack(?:\.json)?\b/i,
      /\bInvalid project descriptor\b|\bunable to (?:parse|decode) project\.toml\b/i,
    ],
    hint: 'The builder’s own settings in the code (nixpacks.toml, railpack.json, project.toml) cannot be read.',
    steps: BUILDS,
  },
  {
    kind: 'no start command',
    when: [
      /\bNo start command (?:could be|was) found\b|\bno default process a command is required\b/i,
      /\bno web process\b|\bNo process type\b/i,
    ],
    hint: 'Nothing says how to start the app: add a Procfile (`web: COMMAND`), or a start script.',
  },
  {
    kind: 'no builder',
    when: [/\bNo Dockerfile found\b/],
    hint: 'There is no Dockerfile at the root of the code: `dokku builder-dockerfile:set APP dockerfile-path PATH` names another.',
  },
]
