/** git: fetching the code, its submodules and dependencies that are repositories. */
import type { Cause } from './cause.ts'

const LOGIN = [
  /\bcould not read (?:Username|Password) for\b/,
  /\bAuthentication failed for\b|\bPermission denied \(publickey\b/,
  /\bfailed to authenticate when downloading repository\b/,
  /\bHTTP Basic: Access denied\b|\bInvalid username or (?:password|token)\b/i,
  /\bSupport for password authentication was removed\b/,
  /\bPlease make sure you have the correct access rights\b/,
]
const HOST_KEY = /\bHost key verification failed\b|\bREMOTE HOST IDENTIFICATION HAS CHANGED\b/

export const GIT: readonly Cause[] = [
  {
    kind: 'buildpack address',
    when: [/\brepository '[^']{0,500}buildpack[^']{0,500}' not found\b/],
    hint: 'The buildpack’s repository does not exist or is private: see `dokku buildpacks:report APP`, and `.buildpacks` or app.json in the code.',
    steps: ['build'],
  },
  {
    kind: 'no such branch',
    when: [
      /\bpathspec '[^']{0,300}' did not match\b/,
      /\bRemote branch \S{1,300} not found in upstream\b|\bcouldn't find remote ref\b/,
      /\bhas no branch, tag or commit named\b|\bReference is not a tree\b/i,
    ],
    hint: 'Name a branch, a tag or a commit that the repository has, or set the branch that is taken by default with `dokku git:set APP deploy-branch BRANCH`.',
    steps: ['received'],
  },
  {
    kind: 'deploy branch',
    when: [/^Dokku has no commit on /, /\bcannot be the deploy branch\b/, /^WARNING: Cannot build from /],
    hint: 'Push to the branch Dokku deploys, or change it with `dokku git:set APP deploy-branch BRANCH`.',
  },
  {
    kind: 'host key',
    when: [HOST_KEY],
    hint: 'The server does not know the git host’s key yet: `dokku git:allow-host HOST`.',
    steps: ['received'],
  },
  {
    kind: 'submodule',
    when: [
      /\bin(?:to)? submodule path '[^']{1,300}'/,
      /\bno submodule mapping found\b|\bNo url found for submodule\b/,
    ],
    hint: 'A submodule cannot be fetched: its address in .gitmodules is wrong, its commit was not pushed, or it is private.',
  },
  {
    kind: 'git LFS',
    when: [/\bsmudge filter lfs failed\b|\bgit-lfs: (?:command )?not found\b|\bover its data quota\b/],
    hint: 'A file kept with git LFS could not be fetched: git-lfs is missing on the server, or the quota of the repository is used up.',
  },
  {
    kind: 'login at the git server',
    when: [...LOGIN, HOST_KEY],
    hint: ({ step }) =>
      step === 'build'
        ? 'A dependency is in a private git repository, which the build cannot read: give it a token, as a build argument or as config, or publish the package to a registry.'
        : 'The repository is private or does not exist. For https: `dokku git:auth HOST USER` with a token piped in. For ssh: `dokku git:public-key` shows the key to add as a deploy key there (`dokku git:generate-deploy-key` makes one).',
    steps: ['received', 'build'],
  },
  {
    kind: 'repository address',
    when: [/\brepository '[^']{1,500}' not found\b/, /\bdoes not appear to be a git repository\b/],
    hint: ({ step }) =>
      step === 'build'
        ? 'A repository the build fetches does not exist at that address, or is private.'
        : 'There is no repository at that address, or it is private: check it; `dokku git:auth HOST USER` logs in.',
    steps: ['received', 'build'],
  },
  {
    kind: 'repository address',
    when: [/^(?:ERROR: )?Repository not found\b/],
    hint: 'There is no repository at that address, or it is private.',
    weight: 'summary',
  },
]
