// Every command does this first: it makes sure that packages, generated code and compiled code exist and are up to
// date. When they are, that takes hardly any time.
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { compile } from './compile.mjs'
import { generate } from './generate.mjs'
import { checkNode, installPackages } from './install.mjs'
import { root } from './root.mjs'
import { Failure } from './steps.mjs'
import { prepareWeb, prepareWebIfPossible } from './web.mjs'

const longestSetupMs = 15 * 60_000

/**
 * The pages of web/ are made for those who ask for them: `npm start` does without them where they can't be made, and an
 * image has to have them.
 */
export async function setup({ pages = 'none', isDev = false } = {}) {
  checkNode()
  const release = await lock()
  try {
    await installPackages()
    await generate()
    await compile()
    if (pages === 'if possible') await prepareWebIfPossible({ isDev })
    if (pages === 'required') await prepareWeb()
  } finally {
    await release()
  }
}

/** `npm start` and `npm test` may begin at the same time on a fresh clone. Then the second waits for the first. */
async function lock() {
  const folder = path.join(root, '.cache')
  const file = path.join(folder, 'setup.lock')
  await mkdir(folder, { recursive: true }).catch((err) => {
    throw new Failure(`The checkout cannot be written to: ${err.message}`)
  })
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' })
      return () => rm(file, { force: true })
    } catch (err) {
      if (err.code !== 'EEXIST') throw err
    }
    if (await isAbandoned(file)) await rm(file, { force: true })
    else await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/**
 * True when the lock's process has ended, or when the lock is too old: its process id may belong to another process
 * now.
 */
async function isAbandoned(file) {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)])
    const ageMs = Date.now() - mtimeMs
    return ageMs > longestSetupMs || (holder === '' ? ageMs > 1_000 : !isAlive(Number(holder)))
  } catch {
    return false
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (err) {
    return err.code === 'EPERM'
  }
}
