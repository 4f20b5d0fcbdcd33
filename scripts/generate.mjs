// Generates code from the contracts (buf) and the schemas (Prisma). Each part is made again only when its sources have
// changed.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { runQuietly } from './child.mjs'
import { root } from './root.mjs'
import { fail, step } from './steps.mjs'

export async function generate({ force = false } = {}) {
  await makeStale([await contracts(), ...(await schemas())], force)
}

/** Only who works on the SDK needs it, so no other command waits for it. */
export async function generateSdk() {
  await makeStale([sdk()], false)
}

async function makeStale(parts, force) {
  const stale = []
  for (const part of parts) if (force || !(await isFresh(part))) stale.push(part)
  if (stale.length === 0) return
  await step(`generating ${stale.map((part) => part.name).join(', ')}`, async () => {
    await Promise.all(stale.map(make))
  })
}

/** The schemas, and the folders for the clients that Prisma generates from them. */
export async function services() {
  const names = await readdir(path.join(root, 'prisma')).catch(() => [])
  return names.filter((name) => existsSync(schemaOf(name))).sort()
}

export function schemaOf(service) {
  return path.join(root, 'prisma', service, 'schema.prisma')
}

/** Prisma looks for a schema engine that only its migrate commands use; any file that exists satisfies it. */
export const prismaEnv = {
  ...process.env,
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
}

export const prismaCli = path.join(root, 'node_modules', 'prisma', 'build', 'index.js')
export const bufCli = path.join(root, 'node_modules', '@bufbuild', 'buf', 'bin', 'buf')

/** buf finds its plugins in PATH. It does not start without a cache, for which the home folder may not be writable. */
export const bufEnv = {
  ...process.env,
  BUF_CACHE_DIR: process.env.BUF_CACHE_DIR ?? path.join(root, '.cache', 'buf'),
  PATH: [path.join(root, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter),
}

async function contracts() {
  const proto = path.join(root, 'proto')
  const files = (await readdir(proto, { recursive: true }).catch(() => [])).filter((f) =>
    f.endsWith('.proto'),
  )
  return {
    name: 'contracts',
    output: path.join(root, 'internal', 'gen'),
    inputs: [
      ...files.sort().map((file) => path.join(proto, file)),
      path.join(root, 'buf.gen.yaml'),
      import.meta.filename,
    ],
    versions: ['@bufbuild/buf', '@bufbuild/protoc-gen-es'],
    run: async () => {
      await runQuietly(process.execPath, [bufCli, 'generate'], { cwd: root, env: bufEnv })
      await writeStreams(files.sort().map((file) => path.join(proto, file)))
    },
  }
}

/** The list of streams, which no single contract knows: from the option platform.v1.stream of all files. */
async function writeStreams(files) {
  const option = /option \(platform\.v1\.stream\) = \{\s*family: "(\w+)"\s+name: "(\w+)"\s*\}/g
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  const streams = texts
    .flatMap((text) => [...text.matchAll(option)])
    .map(([, family, name]) => ({ family, name }))
  const text = `// Generated from proto/. Do not edit.\nexport const streams = ${JSON.stringify(streams)} as const\n`
  await writeFile(path.join(root, 'internal', 'gen', 'streams.ts'), text)
}

async function schemas() {
  return (await services()).map((service) => ({
    name: `${service} client`,
    output: path.join(root, 'internal', service, 'infrastructure', 'db'),
    inputs: [schemaOf(service)],
    versions: ['prisma'],
    run: () =>
      runQuietly(process.execPath, [prismaCli, 'generate', '--schema', schemaOf(service)], {
        cwd: root,
        env: prismaEnv,
      }),
  }))
}

/** The operations of the SDK, from the OpenAPI document. */
function sdk() {
  const inputs = ['openapi.json', 'openapi-ts.config.mjs'].map((name) => path.join(root, 'sdk', name))
  const program = path.join(root, 'node_modules', '@hey-api', 'openapi-ts', 'bin', 'run.js')
  return {
    name: 'SDK',
    output: path.join(root, 'sdk', 'src', 'gen'),
    inputs: [...inputs, import.meta.filename],
    versions: ['@hey-api/openapi-ts'],
    run: () =>
      runQuietly(process.execPath, [program, '-f', inputs[1]], {
        cwd: root,
        env: { ...process.env, CI: 'true' },
      }),
  }
}

async function isFresh(part) {
  const stamp = await readFile(path.join(part.output, '.stamp'), 'utf8').catch(() => '')
  return stamp === (await stampOf(part))
}

/**
 * Generates a part into an empty folder. If that fails or is killed, there is no stamp, so the part is generated
 * again.
 */
async function make(part) {
  const stamp = await stampOf(part)
  await rm(part.output, { recursive: true, force: true })
  await part.run()
  await mkdir(part.output, { recursive: true })
  await writeFile(path.join(part.output, '.stamp'), stamp)
}

async function stampOf({ inputs, versions }) {
  const hash = createHash('sha256')
  for (const file of inputs) hash.update(`${path.relative(root, file)}\n`).update(await readFile(file))
  for (const name of versions) {
    const manifest = JSON.parse(await readFile(path.join(root, 'node_modules', name, 'package.json'), 'utf8'))
    hash.update(`${name} ${manifest.version}\n`)
  }
  return hash.digest('hex')
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { installPackages, checkNode } = await import('./install.mjs')
  try {
    checkNode()
    await installPackages()
    await generate({ force: process.argv.includes('--force') })
  } catch (err) {
    fail(err)
  }
}
