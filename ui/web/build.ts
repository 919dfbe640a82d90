/**
 * Builds dist/: what the browser gets (one stylesheet, its scripts, the favicon, each compressed) and the server in
 * one file. `node ui/web/build.ts [--watch] [--force]`; does nothing when no source changed since the last time.
 */
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build as bundle, type Plugin } from 'esbuild'
import { execa } from 'execa'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Scripts of the page; each is built when its source is there. */
const SCRIPTS = ['app', 'config', 'log', 'password']

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Returns whether there was something to do. */
export async function build({ root = ROOT, force = false } = {}): Promise<boolean> {
  const stamp = stampOf(root)
  const stampFile = `${root}/dist/.stamp`
  if (!force && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false
  mkdirSync(`${root}/dist/assets`, { recursive: true })
  const [css, scripts] = await Promise.all([styles(root), browserScripts(root), server(root)])
  const favicon = readFileSync(`${root}/ui/web/public/favicon.svg`)
  publish(`${root}/dist/assets`, new Map([['app.css', css], ['favicon.svg', favicon], ...scripts]))
  writeFileSync(stampFile, stamp)
  return true
}

/** Names, sizes and times of every source: a second start must not pay for a build. */
function stampOf(root: string): string {
  const files = globSync(['ui/**/*.{ts,css,svg,sql,json}', 'package-lock.json'], { cwd: root }).sort()
  const hash = createHash('sha256')
  for (const file of files) {
    const { size, mtimeMs } = statSync(`${root}/${file}`)
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

async function styles(root: string): Promise<Buffer> {
  const out = `${root}/dist/app-${process.pid}.css`
  const tailwind = fileURLToPath(import.meta.resolve('@tailwindcss/cli/package.json')).replace(
    'package.json',
    'dist/index.mjs',
  )
  await execa(process.execPath, [tailwind, '-i', 'ui/web/styles/app.css', '-o', out, '--minify'], {
    cwd: root,
  })
  const css = readFileSync(out)
  rmSync(out)
  return css
}

async function browserScripts(root: string): Promise<[string, Buffer][]> {
  const sources = SCRIPTS.map((name) => `${root}/ui/web/browser/${name}.ts`).filter((file) =>
    existsSync(file),
  )
  const { outputFiles } = await bundle({
    entryPoints: sources,
    bundle: true,
    minify: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
  })
  return outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)])
}

/** What node starts, the service, its worker threads beside it, and the migrations it reads. */
async function server(root: string): Promise<void> {
  const entries = {
    main: 'ui/start.ts',
    service: 'ui/main.ts',
    libraries: 'ui/jobs/libraries.ts',
    'script-names': 'ui/dokku/reserved/script-names.ts',
    ...workers(root),
  }
  if (!existsSync(`${root}/ui/main.ts`)) return
  const { outputFiles } = await bundle({
    write: false,
    absWorkingDir: root,
    entryPoints: entries,
    bundle: true,
    // Less to read, compile and hold in memory: 10 MB and 20 ms. Names stay, for the sake of stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    outdir: `${root}/dist`,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: ['better-sqlite3'],
    plugins: [ownBundle],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  for (const { path, text } of outputFiles) writeFileSync(path, inAscii(text))
  rmSync(`${root}/dist/migrations`, { recursive: true, force: true })
  cpSync(`${root}/ui/database/migrations`, `${root}/dist/migrations`, { recursive: true })
}

/**
 * A template that is tagged keeps its letters as they are, and one letter beyond ASCII makes two bytes of each in what
 * Node holds of the file: 1.6 MB.
 */
const inAscii = (script: string): string =>
  script.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** What is loaded only where it is needed is not part of the service's own file. */
const ownBundle: Plugin = {
  name: 'own bundle',
  setup({ onResolve }) {
    onResolve({ filter: /\/libraries\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './libraries.js', external: true } : undefined,
    )
  },
}

const workers = (root: string): Record<string, string> =>
  Object.fromEntries(globSync('ui/**/*worker.ts', { cwd: root }).map((file) => [basename(file, '.ts'), file]))

/** Writes each file plain and compressed, and the manifest last. */
function publish(folder: string, files: ReadonlyMap<string, Buffer>): void {
  const manifest: Record<string, { type: string; hash: string }> = {}
  for (const [name, content] of files) {
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
    writeFileSync(`${folder}/${name}`, content)
    writeFileSync(`${folder}/${name}.gz`, gzipSync(content, { level: 9 }))
    writeFileSync(
      `${folder}/${name}.br`,
      brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    )
    manifest[name] = { type, hash: createHash('sha256').update(content).digest('hex').slice(0, 10) }
  }
  writeFileSync(`${folder}/manifest.json`, JSON.stringify(manifest))
}

if (import.meta.main) {
  const options = { force: process.argv.includes('--force') }
  const say = async () => {
    const began = performance.now()
    const built = await build(options)
    console.log(
      built ? `Built dist/ in ${Math.round(performance.now() - began)} ms.` : 'dist/ is up to date.',
    )
  }
  await say()
  if (process.argv.includes('--watch')) {
    let timer: NodeJS.Timeout | undefined
    watch(`${ROOT}/ui`, { recursive: true }, () => {
      clearTimeout(timer)
      timer = setTimeout(() => say().catch((problem: unknown) => console.error(problem)), 100)
    })
  }
}
