// Runs `npm ci` when node_modules is missing or does not match package-lock.json.
import { access, constants, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { runQuietly } from './child.mjs'
import { root } from './root.mjs'
import { Failure, step } from './steps.mjs'

const oldestNode = [20, 19]

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  throw new Failure(`Node ${oldestNode.join('.')} or newer is needed; this is ${process.versions.node}.`)
}

/** Those of the checkout, or of a folder in it that has a lock file of its own. */
export async function installPackages(folder = '.', name = 'packages') {
  if (await isInstalled(folder)) return
  await step(`installing ${name}`, async () => {
    // No dependency needs its install script, and some of these scripts would download from elsewhere.
    const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund']
    const npm = process.env.npm_execpath
    const [command, prefix] = npm ? [process.execPath, [npm]] : ['npm', []]
    await runQuietly(command, [...prefix, ...args], { cwd: path.join(root, folder), env: await npmEnv() })
  })
}

/** npm records what it has put into node_modules. That record must agree with the lock file. */
async function isInstalled(folder) {
  const [wanted, installed] = await Promise.all([
    lockedPackages(path.join(folder, 'package-lock.json')),
    lockedPackages(path.join(folder, 'node_modules', '.package-lock.json')),
  ])
  if (!wanted) throw new Failure(`${path.join(folder, 'package-lock.json')} is missing or broken.`)
  if (!installed) return false
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '' || entry.link || name.startsWith('..')) return true
    const actual = installed[name]
    return actual ? actual.version === entry.version : entry.optional === true || entry.devOptional === true
  })
}

async function lockedPackages(file) {
  try {
    return JSON.parse(await readFile(path.join(root, file), 'utf8')).packages
  } catch {
    return undefined
  }
}

/** npm's cache is in the home folder by default. Where that is not writable, the cache is put into the checkout. */
export async function npmEnv() {
  const cache = process.env.npm_config_cache ?? path.join(homedir(), '.npm')
  if (await canWrite(cache)) return process.env
  return { ...process.env, npm_config_cache: path.join(root, '.cache', 'npm') }
}

/** A folder that does not exist can be created if its parent is writable. */
async function canWrite(folder) {
  try {
    await access(folder, constants.W_OK)
    return true
  } catch (err) {
    return err.code === 'ENOENT' && path.dirname(folder) !== folder && canWrite(path.dirname(folder))
  }
}
