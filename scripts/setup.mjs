// What every command does first: packages, generated and compiled code are there and up to date. Costs 0.1 s when they are.
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { compile } from './compile.mjs'
import { generate } from './generate.mjs'
import { checkNode, installPackages } from './install.mjs'
import { root } from './root.mjs'
import { Failure } from './steps.mjs'

const longestSetupMs = 15 * 60_000

export async function setup() {
  checkNode()
  const release = await lock()
  try {
    await installPackages()
    await generate()
    await compile()
  } finally {
    await release()
  }
}

/** `npm start` and `npm test` may begin together on a fresh clone; the second waits for the first. */
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

/** Its process is gone, or it is too old to be true (a process id can be given out again). */
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
