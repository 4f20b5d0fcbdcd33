// Line coverage of what is shipped (cmd/ and internal/), over all processes that `npm test` starts. V8 counts, and c8
// maps the counts back to TypeScript. The tools are not counted, because mostly campaigns cover them: these are
// another run, and counting would slow down the loads that they measure.
import c8 from 'c8'
import { transform } from 'esbuild'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../../scripts/root.mjs'

const parts = [
  { name: 'domain and application', least: 95, includes: (file) => /\/(domain|application)\//.test(file) },
  { name: 'all that is shipped', least: 85, includes: () => true },
]

const excluded = /\.test\.ts$|\/testing\/|^internal\/(gen|e2e)\/|\/infrastructure\/db\//

function isSource(file) {
  return /^(cmd|internal)\/.*\.ts$/.test(file) && !excluded.test(file)
}

/**
 * Processes write their reports into `dir`. `keep` takes the counts of our files from them, and `measure` adds them
 * up.
 */
export async function openCoverage(scratch) {
  const [dir, kept] = [path.join(scratch, 'coverage'), path.join(scratch, 'coverage-kept')]
  await Promise.all([mkdir(dir), mkdir(kept)])
  return {
    env: { NODE_V8_COVERAGE: dir },
    keep: () => keep(dir, kept),
    measure: async () => {
      await keep(dir, kept)
      return summarize(await lineCounts(kept))
    },
  }
}

/** A process reports hundreds of scripts, of which only a few are ours. */
async function keep(dir, kept) {
  for (const name of await readdir(dir)) {
    const file = path.join(dir, name)
    const report = await readReport(file)
    if (!report) continue
    await rm(file, { force: true })
    const result = report.result.filter(({ url }) => isOurs(url))
    if (result.length === 0) continue
    const maps = Object.entries(report['source-map-cache'] ?? {}).filter(([url]) => isOurs(url))
    await writeFile(
      path.join(kept, name),
      JSON.stringify({ result, 'source-map-cache': Object.fromEntries(maps) }),
    )
  }
}

/** Returns undefined while the process is still writing the report, which is read later then. */
async function readReport(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}

function isOurs(url) {
  const prefix = `${pathToFileURL(root).href}/`
  return url.startsWith(prefix) && isSource(decodeURIComponent(url.slice(prefix.length)))
}

async function lineCounts(kept) {
  const report = new c8.Report({
    include: ['cmd/**', 'internal/**'],
    exclude: [],
    extension: ['.ts'],
    tempDirectory: kept,
    resolve: '',
    reporter: [],
    excludeNodeModules: true,
  })
  const map = await report.getCoverageMapFromAllCoverageFiles()
  const counts = new Map()
  for (const file of map.files()) {
    const { total, covered } = map.fileCoverageFor(file).toSummary().lines
    counts.set(path.relative(root, file), { total, covered })
  }
  for (const file of await sources()) {
    if (!counts.has(file)) counts.set(file, { total: await runnableLines(file), covered: 0 })
  }
  return counts
}

/** A file that no process has loaded counts as uncovered unless it contains only types. */
async function runnableLines(file) {
  const text = await readFile(path.join(root, file), 'utf8')
  const { code } = await transform(text, {
    loader: 'ts',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  })
  return code.trim() === '' ? 0 : text.trimEnd().split('\n').length
}

async function sources() {
  const files = []
  for (const folder of ['cmd', 'internal']) {
    const names = await readdir(path.join(root, folder), { recursive: true }).catch(() => [])
    files.push(...names.map((name) => path.join(folder, name)).filter(isSource))
  }
  return files
}

function summarize(counts) {
  return parts.map(({ name, least, includes }) => {
    const files = [...counts].filter(([file, { total }]) => includes(file) && total > 0)
    const sum = (key) => files.reduce((all, [, lines]) => all + lines[key], 0)
    const percent = sum('total') === 0 ? 100 : (100 * sum('covered')) / sum('total')
    const worst = files
      .map(([file, { total, covered }]) => ({
        name: file,
        percent: (100 * covered) / total,
        missed: total - covered,
      }))
      .sort((a, b) => b.missed - a.missed)
      .slice(0, 15)
    return { name, least, percent, worst }
  })
}
