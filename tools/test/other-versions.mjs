// The other versions on which everything has to run: the newest Node and the newest nats-server that can be obtained.
import { access, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { runQuietly } from '../../scripts/child.mjs'
import { npmEnv } from '../../scripts/install.mjs'
import { root } from '../../scripts/root.mjs'

export const newestNode = 24

/** The platforms for which npm surely has a package with Node. On others it is no failure when there is none. */
const certain = ['linux-x64']

/** Returns `{ file }`, or `{ reason }` when there is none. Throws on platforms that must have one. */
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

/** Uses a tool that may be beside the checkout and that prints the path of the program. */
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
