/** Package managers: versions that do not fit, lock files, packages that are not there or want a login. */
import { BUILDS, type Cause } from './cause.ts'

export const PACKAGES: readonly Cause[] = [
  {
    kind: 'offline',
    when: [/\bENOTCACHED\b|\bonly-if-cached\b/],
    hint: 'npm was told to work offline and the package is not in its cache. Build without --offline, or with the cache it needs.',
  },
  {
    kind: 'offline',
    when: [/\bERR_PNPM_NO_OFFLINE_|\b(?:offline mode|--offline was specified)\b/i],
    hint: 'The package manager was told to work offline and the package is not in its cache. Build without --offline, or with the cache it needs.',
  },
  {
    kind: 'login at the registry',
    when: [
      /\bnpm (?:ERR!|error) code (?:E401|E403|ENEEDAUTH)\b/i,
      /\bnpm (?:ERR!|error) (?:401 Unauthorized|403 Forbidden)\b/i,
      /\bERR_PNPM_FETCH_40[13]\b|\bYN0041\b/,
      /^(?:ERROR: |error: )?.{0,300}\b(?:401 (?:Client Error|Unauthorized)|HTTP error 401|401, reason phrase)\b/i,
      /\bHTTP 401\b|\b\(401\)|\bstatus code (?:is )?401\b|\b401 \(Unauthorized\)/,
      /\bCould not authenticate against\b|\bInvalid credentials .{0,20}for 'https?:/,
      /\bAuthentication is required for\b|\bBad username or password for\b/,
      /\bfailed to authenticate (?:to|when)\b|\bUnauthorized: Error code 401\b/i,
    ],
    hint: 'The package registry wants a login while the image is built: give the build a token (for npm an `.npmrc` that reads NPM_TOKEN). A Dockerfile sees it only as a build argument: `dokku docker-options:add APP build "--build-arg NPM_TOKEN"`.',
    steps: BUILDS,
  },
  {
    kind: 'lock file',
    when: [
      /\bnpm has a bug related to optional dependencies\b|\bCannot find module @(?:rollup|esbuild|swc|next|parcel|img|tailwindcss|biomejs)\/\S/,
      /\binstalled esbuild for another platform\b|\bFailed to load SWC binary for\b/,
      /\bCould not load the "sharp" module using the\b|\bCannot find module '?\S{0,100}[.-]linux-(?:x64|arm64)-(?:gnu|musl)\b/,
    ],
    hint: 'The lock file (or a node_modules folder that was copied) was made on another platform and lacks the package for this one: delete both, install again and commit the lock file; keep node_modules out with .dockerignore.',
  },
  {
    kind: 'damaged package',
    when: [
      /\bEINTEGRITY\b|\bERR_PNPM_TARBALL_INTEGRITY\b|\bIntegrity check failed\b/i,
      /\bTHESE PACKAGES DO NOT MATCH THE HASHES\b|\bSECURITY ERROR\b|\bYN0018\b/,
      /\bchecksum mismatch\b|\bchecksum for .{1,200} changed between lock files\b/,
      /\bHash (?:Sum )?mismatch\b/i,
    ],
    hint: 'A package is not the one the lock file was made with: its publisher or a mirror changed it, or a cache is damaged. Rebuild without cache; if that does not help, make the lock file anew.',
  },
  {
    kind: 'no such version',
    when: [
      /\bETARGET\b|\bNo matching version found\b|\bERR_PNPM_NO_MATCHING_VERSION\b|\bERR_PNPM_FETCH_404\b/,
      /\bE404\b|\b404 Not Found - GET\b|\bYN0035\b|\bYN0082\b|\bYN0016\b/,
      /\bCouldn't find (?:any versions for|package) "/,
      /^(?:error: )?(?:No version matching|Package) ".{1,200}" (?:found for specifier|failed to resolve)\b/,
      /\bCould not find a version that satisfies\b(?!.{0,300}\(from versions: none\))/,
      /\bno versions of \S{1,200} match\b/,
      /\bnot found in the package registry\b|\bthere (?:is|are) no versions? of\b/,
      /\bUnable to find installation candidates\b|\bdoesn't match any versions\b/,
      /\bCould not find gem '|\bis locked to .{1,200}could not be found\b/i,
      /\bCould not find \S{1,200} in (?:any of the sources|locally installed gems|rubygems repository)\b/,
      /\bcould(?: not|n't) be found in any version\b|\bCould not find a (?:matching )?version of package\b/,
      /\bit could not be found in any version\b|\bno matching package found\b/,
      /\bunknown revision\b|\bno matching versions for query\b|\bmodule lookup disabled\b/,
      /\bno matching package named\b|\bcandidate versions found which didn't match\b/,
      /\bCould not find artifact\b|\bwas not found in https?:/,
      /^(?:> )?Could not find \S{1,300}:\S{1,300}:\S{1,100}\.$/,
      /\bNU110[1-3]\b|\bUnable to find package\b|\bNo package with name\b/,
    ],
    hint: 'The package registry has no such package or version, or none for this version of the language. Check the name and the version that is asked for.',
  },
  {
    kind: 'no such version',
    when: [/\(from versions: none\)|\bNo matching distribution found\b/],
    hint: 'No package of that name fits this version of Python, or the package index was not reached: warnings in the log would say so.',
  },
  {
    kind: 'dependency conflict',
    when: [
      /\bERESOLVE\b/,
      /^npm (?:ERR!|error) (?:peer|peerOptional|dev|optional) \S{1,200} from /i,
      /^npm (?:ERR!|error) (?:Found|Conflicting peer dependency): /i,
    ],
    hint: 'Two packages want versions that do not go together; the line with “peer” names them. Align the versions, or install with `--legacy-peer-deps` (an `.npmrc` with `legacy-peer-deps=true`).',
  },
  {
    kind: 'dependency conflict',
    when: [
      /\bResolutionImpossible\b|\bbecause these package versions have conflicting dependencies\b/,
      /\bversion solving failed\b|\bSolverProblemError\b|\bNo solution found when resolving\b/i,
      /\b[Cc]ould not find compatible versions\b|\bfailed to select a version for\b/,
      /\bNU1107\b|\bNU1605\b|\bVersion conflict detected\b/,
      /\bHex dependency resolution failed\b|\bDependency resolution failed\b|\bDivergedDependency\b/,
      /\bERR_PNPM_PEER_DEP_ISSUES\b|\bDependency convergence error\b/i,
      /^- Root composer\.json requires \S{1,200} .{1,300} conflicts? with\b/,
    ],
    hint: 'The versions asked for do not go together; the lines name the packages. Loosen or align what is asked for.',
  },
  {
    kind: 'dependency conflict',
    when: [
      /\bcould not be resolved to an installable set of packages\b/,
      /\bCould not resolve all (?:files|artifacts|dependencies|task dependencies) for configuration\b/,
      /\bCould not resolve dependencies for project\b/,
    ],
    hint: 'The packages asked for cannot be had together; the lines name them.',
    weight: 'sums up',
  },
  {
    kind: 'lock file',
    when: [/\bYour bundle only supports platforms\b/],
    hint: 'Gemfile.lock does not name the server’s platform: run `bundle lock --add-platform x86_64-linux` and commit it.',
  },
  {
    kind: 'lock file',
    when: [
      /\bcan only install (?:packages when|with an existing)\b/,
      /\bpackage-lock\.json\b.{0,200}\b(?:in sync|not found)\b/,
      /\bERR_PNPM_(?:OUTDATED_LOCKFILE|NO_LOCKFILE|LOCKFILE_CONFIG_MISMATCH|LOCKFILE_BREAKING_CHANGE)\b/,
      /\bYN0028\b|\blockfile would have been (?:modified|created) by this install\b/,
      /\b[Yy]our lockfile needs to be updated\b|\blockfile had changes, but lockfile is frozen\b/,
    ],
    hint: 'The lock file does not fit package.json. Install once on your machine, with the same package manager, and commit the lock file.',
  },
  {
    kind: 'lock file',
    when: [
      /\bmissing go\.sum entry\b|\bupdates to go\.(?:mod|sum) needed\b|\binconsistent vendoring\b/,
      /\bgo: updating go\.(?:mod|sum)\b|\b-mod=readonly\b/,
    ],
    hint: 'go.sum does not fit go.mod: run `go mod tidy` (and `go mod vendor` where you vendor) and commit the files.',
  },
  {
    kind: 'lock file',
    when: [
      /\bpoetry\.lock\b.{0,200}\b(?:last generated|not up to date|not consistent|out of date)\b/i,
      /\bpyproject\.toml changed significantly\b/,
      /\blockfile at `?uv\.lock`? needs to be updated\b|\bUnable to find lockfile at\b/,
      /\bPipfile\.lock \(\w+\) (?:is )?out of date\b|\bPipfile\.lock is out of date\b/i,
      /\binstall in deployment mode after changing your Gemfile\b/,
      /\bdependencies in your gemfile changed\b|\bgemspecs for path gems changed\b/i,
      /\block mismatch\b|\bfrozen mode is set\b/,
      /\bis not present in the lock file\b|\block file is not up to date\b/i,
      /\block file does not contain a compatible set of packages\b/,
      /\block file \S{0,200} ?(?:needs to be updated|because --locked)\b/,
      /\bpackages lock file is inconsistent\b|\bNU1004\b/,
      /\bUnchecked dependencies for environment\b|\bthe dependency is out of date\b/,
    ],
    hint: 'The lock file does not fit what is asked for. Install or lock once on your machine and commit the lock file.',
  },
  {
    kind: 'system package',
    when: [
      /\bdoes not have a Release file\b|\bno longer has a Release file\b/,
      /\bFailed to fetch http\S{1,400} 404 Not Found\b/,
      /^(?:E|Err:\d+|ERROR): .{0,300}\b404 +Not Found\b/,
    ],
    hint: 'The distribution’s mirror no longer has it: the image’s release is at its end of life, or its package list is old. Use a newer base image, and `apt-get update` in the same RUN as the install.',
  },
  {
    kind: 'system package',
    when: [
      /\bUnable to locate package\b|\bhas no installation candidate\b/,
      /^(?:E: )?Version '[^']{1,200}' for '[^']{1,200}' was not found\b/,
      /\bunable to select packages:?|^\S{1,200} \(no such package\):/,
      /\bNo match for argument: |\bNo package \S{1,200} available\b/,
    ],
    hint: 'The distribution of the image has no such system package or version: run `apt-get update` in the same RUN, and check the name for this release.',
  },
  {
    kind: 'missing script',
    when: [
      /\bmissing script:? ["']?[\w:-]{1,100}/i,
      /\bCommand "[\w:-]{1,100}" not found\.|\bERR_PNPM_NO_SCRIPT\b|\bCouldn't find a script named\b/i,
      /\berror: Script not found "/,
    ],
    hint: 'package.json has no script of that name: add it to `scripts`, or name another in the Procfile or Dockerfile.',
  },
  {
    kind: 'file not found in the code',
    when: [/\bCould not open requirements file\b/],
    hint: 'The file with the requirements is not in the code Dokku builds: not committed, or in another folder.',
  },
]
