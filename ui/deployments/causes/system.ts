/** What the image lacks: compilers, libraries, programs, the right to run a file. */
import { BUILDS, type Cause, RUNS } from './cause.ts'

const COMPILERS =
  'g?cc|cc1|c\\+\\+|g\\+\\+|clang|make|cmake|ninja|gmake|pkg-config|protoc|autoconf|automake|libtool'
const SHELL = '^(?:/usr)?(?:/bin/)?(?:ba|da|a)?sh: (?:line )?(?:\\d+: )?'
const NOT_FOUND = ': (?:command )?not found$'
/** Build tools of the JavaScript world that are nearly always development dependencies. */
const DEV_TOOLS =
  'vite|tsc|tsup|tsx|ts-node|webpack|rollup|esbuild|parcel|next|nuxt|nuxi|astro|ng|nest|remix|react-scripts|vue-cli-service|svelte-kit|turbo|nx|swc|babel|gulp|grunt|postcss|tailwindcss|sass|rimraf|cross-env|husky|prisma|drizzle-kit|eslint|jest|vitest|concurrently|nodemon'

export const SYSTEM: readonly Cause[] = [
  {
    kind: 'Windows line endings',
    when: [/\^M\b|\$'\\r': |(?:\\r|\r)[’'"]?: (?:No such file|command not found)/],
    hint: 'A script has Windows line endings: save it with LF (`*.sh text eol=lf` in .gitattributes) and commit it again.',
  },
  {
    kind: 'system package missing',
    when: [
      /\blinker `\S{1,60}` not found\b|\bfailed to find tool\b/,
      new RegExp(`${SHELL}(?:\\S{0,60}/)?(?:${COMPILERS})${NOT_FOUND}`),
      new RegExp(`\\bcommand '(?:\\S{0,60}[-/])?(?:${COMPILERS})(?:-\\d+)?' failed: No such file\\b`),
      new RegExp(`\\bnot found: (?:${COMPILERS})$`),
      new RegExp(`^(?:/bin/)?(?:${COMPILERS}): (?:Command not found|No such file or directory)\\b`),
      /\bno acceptable C compiler found\b|\bC compiler cannot create executables\b|\bNo CMAKE_C\w* ?COMPILER could be found\b/i,
      /\bis `cmake` not installed\b|\bCould not find `protoc`/,
    ],
    hint: 'The image has no C compiler or build tools. Install them: `build-essential` on Debian and Ubuntu, `build-base` on Alpine.',
  },
  {
    kind: 'system package missing',
    when: [
      /\bfind Python (?:Python is not set|You need to install)|\bCould not find any Python installation\b|\bCan't find Python executable\b/,
    ],
    hint: 'A package is compiled by node-gyp, which needs Python and a compiler: `python3 make g++` in the image.',
  },
  {
    kind: 'system package missing',
    when: [
      /\bfatal error: '?[\w./+-]{1,200}\.h(?:pp)?'?(?: file not found|: No such file or directory)/,
      /\bpg_config executable not found\b|\bmysql_config: not found\b|\bmysqlclient\b.{0,200}\bpkg-config\b/,
      /\b[Cc]an't find (?:the '?\w[\w.-]{0,60}'? header|header files for)\b|\bpg_config\b.{0,100}\b(?:not found|No such file)\b/,
      /\bwas not found in the pkg-config search path\b|\bPackage '[^']{1,100}', required by '[^']{1,100}', not found\b/,
      /\bsystem library `\S{1,100}` required by crate\b|\bCould not find directory of OpenSSL installation\b/,
      /\bcannot find -l\w|\bcannot open shared object file\b|\berror loading shared library\b/i,
      /^CMake Error at .{1,200} \(find_package\)|\basked CMake to find a package configuration file\b|\bCMake did not find one\b/,
      /\bCould not find a package configuration file provided by\b|\bCould NOT find \w{1,60} \(missing: |\bNo package '[^']{1,100}' found\b/,
      /\bHeaders or library files could not be found for\b|\bdependency .{1,60} not found, tried pkgconfig\b/i,
    ],
    hint: 'The image lacks a system library, or its headers: install the package that has the file named (on Debian often `lib…-dev`, on Alpine `…-dev`).',
  },
  {
    kind: 'system Python',
    when: [/\bexternally-managed-environment\b|\bThis environment is externally managed\b/],
    hint: 'The image’s own Python takes no packages from pip: make a virtual environment (`python3 -m venv /venv`) and install there, or use a python image.',
  },
  {
    kind: 'not executable',
    when: [
      new RegExp(`${SHELL}\\.?/?\\S{1,200}: Permission denied$`),
      /\bexec: "[^"]{1,200}": permission denied\b|^env: \S{1,200}: Permission denied$/,
    ],
    hint: 'A file that is started may not be executed: `git update-index --chmod=+x FILE`, then commit.',
  },
  {
    kind: 'dev dependencies',
    when: [
      new RegExp(`${SHELL}(?:${DEV_TOOLS})${NOT_FOUND}`),
      new RegExp(
        `\\bCannot find (?:module|package) '(?:${DEV_TOOLS}|typescript|autoprefixer|@vitejs/[\\w-]{1,40}|@tailwindcss/[\\w-]{1,40}|@types/[\\w-]{1,40})'`,
      ),
      /\btrying to use TypeScript but do not have the required package/,
    ],
    hint: 'The build tool is not installed: it is usually a development dependency, which NODE_ENV=production (or --omit=dev) leaves out. Install those for the build, or move it to `dependencies`.',
    steps: BUILDS,
  },
  {
    kind: 'no shell',
    when: [/\btask could not start\b.{0,60}\bthe image has no \//],
    hint: 'Dokku runs tasks in a shell, /bin/bash by default, also where the app needs none. Install it in the image (on Alpine: `RUN apk add --no-cache bash`), or name one that is there: `dokku scheduler:set APP shell /bin/sh`.',
  },
  {
    kind: 'program missing',
    when: [
      new RegExp(`${SHELL}[\\w./@+-]{1,200}${NOT_FOUND}`),
      /^\/\S{1,200}: line \d+: [\w./@+-]{1,200}: command not found$/,
      /\bexec: "?[^":]{1,200}"?: (?:stat [^:]{1,200}: no such file or directory|executable file not found)/,
      /^(?:\/usr\/bin\/)?env: [‘'"]?[\w.-]{1,100}[’'"]?: No such file or directory$/,
      /^exec \/?\S{1,200}: no such file or directory$|\bexec user process caused\b/,
    ],
    hint: 'A program that is started does not exist in the image: install it in the build, or check its name and path.',
    steps: [...BUILDS, ...RUNS],
  },
]
