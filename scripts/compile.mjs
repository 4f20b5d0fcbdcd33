// dist/: the JavaScript that `npm start` and the container image run, one file for each of cmd/ and internal/. Only what has
// changed is made again. tsx, which runs the tests and the tools, would cost a service memory, and each inner function a name.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runQuietly } from './child.mjs'
import { root } from './root.mjs'
import { step } from './steps.mjs'

const dist = path.join(root, 'dist')
/** Of each source, the hash of what its output was made from. Written last, so that what was interrupted is made again. */
const stampsFile = path.join(dist, '.stamps.json')
const wanted = /(?<!\.test)\.(ts|mjs)$/

/** In a process of its own: the compiler would stay in the memory of what is started next. */
export async function compile() {
  const { stale, orphans } = await plan()
  if (stale.length + orphans.length === 0) return
  await step(`compiling ${stale.length} files`, () =>
    runQuietly(process.execPath, [import.meta.filename], { cwd: root }),
  )
}

async function plan() {
  const [old, now] = await Promise.all([readStamps(), stampsOf(await sources())])
  const stale = Object.keys(now).filter((file) => now[file] !== old[file] || !existsSync(outputOf(file)))
  const orphans = Object.keys(old).filter((file) => !(file in now))
  return { now, stale, orphans }
}

async function make({ now, stale, orphans }) {
  const { default: ts } = await import('typescript')
  for (const file of stale) await transpile(ts, file)
  for (const file of orphans)
    for (const ending of ['', '.map']) await rm(outputOf(file) + ending, { force: true })
  await writeFile(stampsFile, JSON.stringify(now))
}

/** Types are not looked at: `npm run check:static` does that. Plain JavaScript comes out as it is. */
async function transpile(ts, file) {
  const fileName = path.join(root, file)
  const output = outputOf(file)
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    sourceMap: true,
    inlineSources: true,
    sourceRoot: path.relative(path.dirname(output), path.dirname(fileName)),
  }
  const text = await readFile(fileName, 'utf8')
  const { outputText, sourceMapText } = ts.transpileModule(text, { fileName, compilerOptions })
  await mkdir(path.dirname(output), { recursive: true })
  await Promise.all([writeFile(output, outputText), writeFile(`${output}.map`, sourceMapText)])
}

async function sources() {
  const found = []
  for (const folder of ['cmd', 'internal']) {
    const names = await readdir(path.join(root, folder), { recursive: true })
    found.push(...names.map((name) => `${folder}/${name.replaceAll(path.sep, '/')}`))
  }
  return found.filter((file) => wanted.test(file)).sort()
}

async function stampsOf(files) {
  const compiler = path.join(root, 'node_modules', 'typescript', 'package.json')
  const madeBy = await Promise.all([readFile(import.meta.filename), readFile(compiler)])
  const base = createHash('sha1').update(madeBy[0]).update(madeBy[1])
  const stamp = async (file) => [
    file,
    base
      .copy()
      .update(await readFile(path.join(root, file)))
      .digest('base64url'),
  ]
  return Object.fromEntries(await Promise.all(files.map(stamp)))
}

async function readStamps() {
  try {
    return JSON.parse(await readFile(stampsFile, 'utf8'))
  } catch {
    await rm(dist, { recursive: true, force: true }) // nobody knows what lies there
    return {}
  }
}

const outputOf = (file) => path.join(dist, file.replace(/\.ts$/, '.js'))

if (import.meta.filename === process.argv[1]) await make(await plan())
