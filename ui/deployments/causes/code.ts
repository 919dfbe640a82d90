/** The app's own code: what does not compile, what it imports and is not there. */
import { BUILDS, type Cause } from './cause.ts'

const RELATIVE =
  'A module is missing whose name is a path in the code: the file was not committed or not built, or is spelled with other upper or lower case letters than on your machine.'
const MODULE =
  'A module is missing in the image: it is not among the dependencies (or only a development one), or its name is spelled differently.'

export const CODE: readonly Cause[] = [
  {
    kind: 'file not found in the code',
    when: [
      /\b(?:Cannot find module|Can't resolve|Could not resolve|failed to resolve import|Failed to load url) ['"]?(?:\.{1,2}|@|~|src|\/app|\/usr\/src\/app|\/workspace)\//i,
      /\bcannot load such file -- (?:\.|\/)/,
      /\bCannot find module '\/(?!usr\/local\/lib)[^']{1,300}'/,
    ],
    hint: RELATIVE,
  },
  {
    kind: 'module format',
    when: [
      /\bERR_REQUIRE_ESM\b|\bCannot use import statement outside a module\b/,
      /\bis not defined in ES module scope\b|\bERR_UNKNOWN_FILE_EXTENSION\b/,
    ],
    hint: 'The file is an ES module and is loaded as CommonJS, or the other way round: see `"type"` in package.json and the extension of the file.',
  },
  {
    kind: 'class missing',
    when: [/\bNoClassDefFoundError\b|\bClassNotFoundException\b/],
    hint: 'The process ended because a class is missing: its dependency is not packed into the jar (scope `provided`, or no fat jar), or is another version than the code was compiled with.',
  },
  {
    kind: 'jar missing',
    when: [
      /\bUnable to access jarfile\b|\bno main manifest attribute\b|\bCould not find or load main class\b/,
    ],
    hint: 'Java does not find what it is to start: check the name of the jar and its Main-Class.',
  },
  {
    kind: 'module missing',
    when: [
      /\bCannot find (?:module|package) '/,
      /\bModuleNotFoundError\b|\bNo module named\b|\bERR_MODULE_NOT_FOUND\b/,
      /\bcannot load such file -- \w|\bBundler::GemNotFound\b/,
      /\bCan't resolve '|\bCould not resolve "|\bfailed to resolve import "/i,
      /\bno required module provides package\b|\bis not in (?:std|GOROOT)\b/,
      /\berror: package \S{1,200} does not exist\b|\bpackage \S{1,200} does not exist$/,
      /\bunresolved import `|\bcan't find crate for `|\buse of undeclared (?:crate|type) /,
      /\bClass "[\w\\]{1,200}" not found\b|\bmodule \S{1,200} is not (?:loaded|available)\b/,
      /\berror CS0246\b|\berror CS0234\b|\bCould not load file or assembly\b/,
    ],
    hint: MODULE,
  },
  {
    kind: 'compile error',
    when: [
      /^(?:vet: )?(?:\.\/)?[\w./@+-]{1,300}\.go:\d+(?::\d+)?: /,
      /\berror TS\d+:|^Type error: |\berror (?:CS|FS|BC)\d+:/,
      /^error(?:\[E\d+\]): |^e: (?:file:)?\/?\S{1,300}\.kts?\b/,
      /^(?:\[ERROR\] )?\/?[\w./@+-]{1,300}\.(?:java|kt|scala|groovy|cs|swift|dart)(?::\[?\d+|\(\d+)[\],:\d()]*:? error: /,
      /^(?:\[ERROR\] )\/?[\w./@+-]{1,300}\.(?:java|kt|scala):\[\d+,\d+\] /,
      /^\/?[\w./@+-]{1,300}\.(?:c|cc|cpp|cxx|h|hpp|m|zig|hs|nim|cr):\d+:\d+: (?:fatal )?error:/,
      /^(?:\[error\] |-- \[E\d+\] )\/?\S{1,300}\.scala\b/,
      /^== Compilation error in file |^\*\* \((?:Compile|Syntax|TokenMissing|MismatchedDelimiter)Error\) /,
      /^(?:PHP )?Parse error: /,
      /^(?:SyntaxError|IndentationError|TabError|SassError|CssSyntaxError)\b/,
      /\bsyntax errors? found\b|\bsyntax error, unexpected\b/,
      /^(?:✘ )?\[ERROR\] (?!Failed to execute)\S.{0,300} \[plugin /,
      /\bModule parse failed: |\bTransform failed with \d+ errors?\b|\bRollupError: /,
    ],
    hint: 'The code does not compile; the lines name the file and the place.',
    steps: BUILDS,
  },
  {
    kind: 'syntax error',
    when: [
      /^(?:PHP )?Parse error: |^(?:\w+(?:::|\.))?(?:SyntaxError|IndentationError|TabError)\b/,
      /\bsyntax error, unexpected\b|^\*\* \((?:Compile|Syntax|TokenMissing)Error\) /,
    ],
    hint: 'The code has a syntax error, or is written for a newer version of the language than the image has; the lines name the file and the place.',
  },
  {
    kind: 'compile error',
    when: [
      /\berror: could not compile `|\bCompilation (?:failed|failure|error)\b/i,
      /^Failed to compile\b|^error during build:|^\.\/\S{1,300}:\d+:\d+$/,
      /^Execution failed for task ':/,
      /\bCould not compile dependency\b|\bcould not compile dependency :/,
      /\bError building extension\b|\bextconf(?:\.rb)? failed\b|\bAn error occurred while installing\b|\bFailed to build gem native extension\b/,
      /\b(?:Failed|failed) building wheel for\b|\bCould not build wheels\b|\bfailed-wheel-build\b/,
      /\berror: subprocess-exited-with-error\b|\bnode-gyp\b.{0,40}\bfailed\b|^gyp ERR! build error\b/,
    ],
    hint: 'Something does not compile; the lines before the last say what.',
    weight: 'summary',
    steps: BUILDS,
  },
  {
    kind: 'tests failed',
    when: [
      /\bThere are test failures\b|^Tests?:? {1,20}\d{1,6} failed\b|^FAILED \(failures=/,
      /^=+ .{0,100}\b\d{1,6} failed\b.{0,100} in [\d.]{1,12}s\b/,
      /\bThere were failing tests\b/,
    ],
    hint: 'The tests failed, and the build runs them.',
    steps: BUILDS,
  },
]
