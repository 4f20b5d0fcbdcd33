// The other versions on which everything has to run: the newest Node and the newest nats-server that can be had.
import { access, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { runQuietly } from '../../scripts/child.mjs'
import { npmEnv } from '../../scripts/install.mjs'
import { root } from '../../scripts/root.mjs'

export const newestNode = 24

/** Platforms for which the npm package that carries Node is there for certain: elsewhere its absence is no failure. */
const certain = ['linux-x64']

/** `{ file }` or `{ reason }` why there is none. Throws where there must be one. */
export async function findNode() {
  const platform = `${process.platform}-${process.arch}`
  const name = `node-${platform}`
  const folder = path.join(root, '.cache', `node${newestNode}`)
  const file = path.join(folder, 'node_modules', name, 'bin', 'node')
  if (await isThere(file)) return { file }
  await mkdir(folder, { recursive: true })
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
  ]
  try {
    await runQuietly('npm', [...args, '--no-fund', `${name}@${newestNode}`], {
      cwd: folder,
      env: await npmEnv(),
    })
  } catch (err) {
    if (certain.includes(platform)) throw err
    return { reason: `npm has no Node ${newestNode} for ${platform}` }
  }
  return { file }
}

/** By a tool that may lie beside the checkout; it prints the program's path. */
export async function findNatsServer() {
  const tool = path.join(root, '..', 'shared', 'tools', 'nats-server')
  if (!(await isThere(tool)))
    return { reason: 'no tool that fetches a newer nats-server lies beside the checkout' }
  try {
    return { file: (await runQuietly('bash', [tool, 'forky'])).trim().split('\n').at(-1) }
  } catch (err) {
    return { reason: err.message }
  }
}

const isThere = (file) =>
  access(file).then(
    () => true,
    () => false,
  )
