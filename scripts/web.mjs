// node scripts/web.mjs [--dev]: installs the packages of web/ and builds its pages into dist/web/, if anything has changed.
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { runQuietly } from './child.mjs'
import { generateSdk } from './generate.mjs'
import { installPackages } from './install.mjs'
import { root } from './root.mjs'
import { fail, Failure, step } from './steps.mjs'

const out = path.join(root, 'dist', 'web')
const stampFile = path.join(out, '.stamp')
/** Everything that the pages are made from. */
const sources = ['web/src', 'web/build.mjs', 'web/package-lock.json', 'sdk/src', 'sdk/openapi.json']

export async function prepareWeb({ isDev = false } = {}) {
  const stamp = await stampOf(isDev)
  if (stamp === (await readFile(stampFile, 'utf8').catch(() => ''))) return
  await installPackages('web', 'packages of the pages')
  await generateSdk()
  await step('building the pages', async () => {
    const args = [path.join(root, 'web', 'build.mjs'), '--out', out, ...(isDev ? ['--dev'] : [])]
    await runQuietly(process.execPath, args, { cwd: root, env: process.env })
    await writeFile(stampFile, stamp)
  })
}

/** Without its pages Tillstream is as good an API, so what keeps them from being built is said, and it starts. */
export async function prepareWebIfPossible(options) {
  try {
    await prepareWeb(options)
  } catch (err) {
    if (!(err instanceof Failure)) throw err
    const why =
      err.message.split('\n').find((line) => /npm error|ERROR/.test(line)) ?? err.message.split('\n', 1)[0]
    console.log(`  the pages of the shop could not be built, so there are none: ${why.trim()}`)
    console.log('  npm ci --prefix web installs what they need; then start again')
  }
}

async function stampOf(isDev) {
  const hash = createHash('sha256').update(String(isDev))
  for (const source of sources)
    for (const file of await filesOf(source)) hash.update(file).update(await readFile(path.join(root, file)))
  return hash.digest('hex')
}

/** What is generated follows from openapi.json. */
async function filesOf(source) {
  const entries = await readdir(path.join(root, source), { recursive: true, withFileTypes: true }).catch(
    (err) => {
      if (err.code === 'ENOTDIR') return undefined
      throw err
    },
  )
  if (!entries) return [source]
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith(path.join('sdk', 'src', 'gen')) && !file.endsWith('.test.ts'))
    .sort()
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await prepareWeb({ isDev: process.argv.includes('--dev') }).catch(fail)
}
