/** The builder's version of a language is not the one the code asks for. */
import { BUILDS, type Cause } from './cause.ts'

const OTHER = 'The image or builder has another version of the language than the code asks for.'

export const VERSIONS: readonly Cause[] = [
  {
    kind: 'language version',
    when: [/\bERR_OSSL_EVP_UNSUPPORTED\b|\bdigital envelope routines::unsupported\b/],
    hint: 'The build tool (often an old webpack) is older than this Node.js, which no longer has its hash. Update it, name an older version under `engines` in package.json, or set `NODE_OPTIONS=--openssl-legacy-provider` for the build.',
  },
  {
    kind: 'language version',
    when: [
      /\bNo module named '(?:distutils|imp|asynchat|asyncore|cgi|pkg_resources)'/,
      /\bmodule 'pkgutil' has no attribute 'ImpImporter'|\buse_2to3 is invalid\b/,
    ],
    hint: 'A package is older than this version of Python, which no longer has that module. Update the package, add setuptools, or use an older Python.',
  },
  {
    kind: 'language version',
    when: [
      /\bRuby version you are trying to install does not exist\b/,
      /\brequested (?:Python|Go|Ruby|PHP|Node|Java|\.NET)(?:\.js)? version\b.{0,100}\b(?:isn't|is not|not|has reached|no longer)\b/i,
      /\bis not (?:supported|available) (?:on|for) (?:the |this )?(?:heroku-\d+|stack)\b/i,
      /\bNo (?:runtime|matching version|release) (?:found|available) for (?:python|node|ruby|go|php|java)\b/i,
    ],
    hint: 'The builder has no such version of the language on its stack: ask for one it has, or use a newer builder.',
  },
  {
    kind: 'language version',
    when: [/\bYou must use Bundler \d or greater\b/],
    hint: 'Gemfile.lock was made with a newer Bundler than the builder has: update the builder, or lock with an older Bundler.',
  },
  {
    kind: 'language version',
    when: [
      /\bYour Ruby version is\b|\brequires ruby version\b|\bruby \S{1,60} is not (?:available|installed)\b/i,
    ],
    hint: `${OTHER} Change the version in the Gemfile (and Gemfile.lock), or the base image’s.`,
  },
  {
    kind: 'language version',
    when: [
      /\brequires php \S.{0,200}(?:your php version|-> no matching package found|does not satisfy)/i,
      /\bYour Composer dependencies require a PHP version\b/,
    ],
    hint: `${OTHER} Change \`php\` under \`require\` in composer.json (and the lock file), or the base image’s.`,
  },
  {
    kind: 'PHP extension',
    when: [
      /\brequires? (?:PHP extension )?ext-\w{1,60}\b/,
      /\bext-\w{1,60} \S{1,60} -> it (?:is missing|has the wrong version)\b/,
    ],
    hint: 'The image lacks a PHP extension: `docker-php-ext-install NAME` in a Dockerfile; for the buildpack, `ext-NAME` under `require` in composer.json.',
  },
  {
    kind: 'language version',
    when: [
      /\brelease version \S{1,20} not supported\b|\binvalid (?:target|source) release\b/,
      /\bUnsupported class file major version\b|\bUnsupportedClassVersionError\b/,
      /\bcompiled by a more recent version of the Java Runtime\b/,
      /\bCannot find a Java installation\b|\bNo matching toolchains? found\b/,
      /\bDependency requires at least JVM runtime version\b/,
    ],
    hint: `${OTHER} Set \`java.runtime.version\` in system.properties (buildpack), or use a base image with that JDK.`,
  },
  {
    kind: 'language version',
    when: [/\bNETSDK1045\b|\bNETSDK1226\b|\bA compatible \.NET SDK was not found\b/i],
    hint: `${OTHER} Use an SDK image of the version the project targets, or change TargetFramework (or global.json).`,
  },
  {
    kind: 'language version',
    when: [/\bYou must install or update \.NET to run\b/],
    hint: 'The image has another .NET runtime than the app was built for: use the runtime image of the same version as the SDK’s.',
  },
  {
    kind: 'language version',
    when: [
      /\bgo\.mod requires go >= \S+ \(running go\b|\bmodule requires Go \d|\binvalid go version '/,
      /\bgo\.mod file indicates go \S{1,40}, but maximum (?:version )?supported\b/,
    ],
    hint: `${OTHER} Use a newer golang image (or buildpack), or lower the \`go\` line in go.mod.`,
  },
  {
    kind: 'language version',
    when: [
      /\brustc \S{1,40} is not supported by\b|\brequires rustc \d|\bfeature `edition\d{4}` is required\b/,
      /\block file version \S{1,10} requires `-Znext-lockfile-bump`/,
    ],
    hint: `${OTHER} Use a newer rust image, or name the version in rust-toolchain.toml.`,
  },
  {
    kind: 'language version',
    when: [/\bit supports only Elixir\b|\bOn Elixir v?\S{1,40} but it has declared\b/i],
    hint: `${OTHER} Use another elixir image, or set elixir_version in elixir_buildpack.config.`,
  },
  {
    kind: 'language version',
    when: [
      /\bCurrent Python version \(\S{1,20}\) is not allowed\b|\brequires a different Python\b/i,
      /\bincompatible with the project's Python requirement\b|\bNo interpreter found for Python\b/,
      /\bRequested runtime\b.{0,100}\bis not available\b|\bPython version .{1,60} is not (?:available|supported)\b/i,
      /\brequires Python\S* ['"]?[<>=~]=?\s?\d.{0,80}\bbut\b/i,
    ],
    hint: `${OTHER} Name the version in \`.python-version\` (buildpack), or use a base image that has it.`,
  },
  {
    kind: 'language version',
    when: [
      /\bnpm (?:ERR!|error) (?:code EBADENGINE|engine\b|Required: )/i,
      /\bThe engine "node" is incompatible\b|\bERR_PNPM_UNSUPPORTED_ENGINE\b/,
      /\bNode\.js version "?[><=^v\d]\S{0,40} is required\b|\brequires (?:at least )?Node(?:\.js)? (?:version )?v?[><=^\d]/i,
      /\bCould not find Node version corresponding to\b|\bNo matching version found for Node\b/i,
    ],
    hint: `${OTHER} Name the version under \`engines\` in package.json, or use a base image that has it.`,
  },
  {
    kind: 'builder too old',
    when: [/\bundefined variable '\w+_\d+'/],
    hint: 'This nixpacks does not know that version of the language: ask for an older one (`engines` in package.json, `NIXPACKS_NODE_VERSION`), or have nixpacks updated on the server.',
    steps: BUILDS,
  },
]
