// node deploy/drop-query-compilers.mjs DIST NODE_MODULES: deletes Prisma's query compilers that nothing in DIST imports, for the image.
// @prisma/client has one for each of five databases, in two sizes, as ESM and as CommonJS: 65 MB, of which services load 2.
import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'

const [dist, packages] = process.argv.slice(2)
const runtime = path.join(packages, '@prisma', 'client', 'runtime')

const imported = await importedFrom(dist)
const compilers = (await readdir(runtime)).filter((name) => name.startsWith('query_compiler_'))
const missing = [...imported].filter((name) => !compilers.includes(name))
// Prisma has changed how it names or loads them: then nobody knows what can go.
if (imported.size === 0 || missing.length > 0)
  throw new Error(`the query compilers in use cannot be told: ${missing.join(', ') || 'none is imported'}`)
const unused = compilers.filter((name) => !imported.has(name))
for (const name of unused) await rm(path.join(runtime, name))
console.log(`${unused.length} of ${compilers.length} files of query compilers deleted`)

/** The generated clients import a compiler by its file's name. */
async function importedFrom(folder) {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'))
  const found = new Set()
  for (const file of files) {
    const text = await readFile(path.join(folder, file), 'utf8')
    for (const [, name] of text.matchAll(/@prisma\/client\/runtime\/(query_compiler_[\w.-]+\.m?js)/g))
      found.add(name)
  }
  return found
}
