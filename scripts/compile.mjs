// Compiles each source to a JavaScript file of its own, but only those that have changed. The services do not run with
// tsx, as the tests and most tools do, because it would cost memory, and time for naming each inner function.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runQuietly } from './child.mjs'
import { root } from './root.mjs'
import { step } from './steps.mjs'

const outputs = {
  /** What `npm start` and the container image run, without tests, their helpers and tools. */
  services: {
    dir: path.join(root, 'dist'),
    folders: ['cmd', 'internal'],
    isWanted: (file) => !/\.test\.ts$|\/testing\/|^internal\/e2e\//.test(file),
  },
  /** The load generators of the benchmark. They are compiled so that they are as fast as what they measure. */
  tools: {
    dir: path.join(root, '.cache', 'tools'),
    folders: ['tools', 'internal'],
    isWanted: (file) => !/\.test\.ts$|^internal\/e2e\//.test(file),
  },
}

/**
 * Compiles in a process of its own, because otherwise the compiler would stay in the memory of what is started next.
 */
export async function compile(name = 'services') {
  const { stale, orphans } = await plan(outputs[name])
  if (stale.length + orphans.length === 0) return
  await step(`compiling ${stale.length} files`, () =>
    runQuietly(process.execPath, [import.meta.filename, name], { cwd: root }),
  )
}

async function plan({ dir, folders, isWanted }) {
  const [old, now] = await Promise.all([readStamps(dir), stampsOf(await sources(folders, isWanted))])
  const stale = Object.keys(now).filter((file) => now[file] !== old[file] || !existsSync(outputOf(dir, file)))
  const orphans = Object.keys(old).filter((file) => !(file in now))
  return { now, stale, orphans }
}

/** The stamps are written last, so that an interrupted compilation is repeated. */
async function make({ dir }, { now, stale, orphans }) {
  const { default: ts } = await import('typescript')
  for (const file of stale) await transpile(ts, dir, file)
  for (const file of orphans)
    for (const ending of ['', '.map']) await rm(outputOf(dir, file) + ending, { force: true })
  await mkdir(dir, { recursive: true })
  await writeFile(stampsFile(dir), JSON.stringify(now))
}

/** Removes the types without checking them, which `npm run check:static` does. Plain JavaScript stays as it is. */
async function transpile(ts, dir, file) {
  const fileName = path.join(root, file)
  const output = outputOf(dir, file)
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

async function sources(folders, isWanted) {
  const found = []
  for (const folder of folders) {
    const names = await readdir(path.join(root, folder), { recursive: true })
    found.push(...names.map((name) => `${folder}/${name.replaceAll(path.sep, '/')}`))
  }
  return found.filter((file) => /\.(ts|mjs)$/.test(file) && isWanted(file)).sort()
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

async function readStamps(dir) {
  try {
    return JSON.parse(await readFile(stampsFile(dir), 'utf8'))
  } catch {
    await rm(dir, { recursive: true, force: true }) // its contents are unknown
    return {}
  }
}

/** This file has the hash of everything from which each output was compiled. */
const stampsFile = (dir) => path.join(dir, '.stamps.json')

const outputOf = (dir, file) => path.join(dir, file.replace(/\.ts$/, '.js'))

if (import.meta.filename === process.argv[1]) {
  const output = outputs[process.argv[2]]
  await make(output, await plan(output))
}
