/**
 * Prints the keys of config that the scripts of Dokku and its plugins would take for variables of their own, one a line,
 * after the lines of comment that `--comment` gives. The list that comes with the gate is made of Dokku's source so:
 *
 *   git clone --branch v0.38.27 https://github.com/dokku/dokku
 *   node ui/dokku/reserved/script-names.ts --comment 'Dokku 0.38.27' dokku/dokku dokku/plugins >ui/dokku/gate/script-names
 */
import '../../require-node.ts'
import { parseArgs } from 'node:util'
import { deriveNames } from './derive.ts'

const { values, positionals } = parseArgs({
  options: { comment: { type: 'string', multiple: true, default: [] } },
  allowPositionals: true,
})
const { names, scripts, incomplete } = deriveNames(positionals)
for (const file of incomplete)
  process.stderr.write(`not understood, so more of its names are reserved than need be: ${file}\n`)
if (names.length === 0) {
  process.stderr.write(`no names were found in ${scripts} scripts\n`)
  process.exitCode = 1
} else process.stdout.write([...values.comment.map((line) => `# ${line}`), ...names, ''].join('\n'))
