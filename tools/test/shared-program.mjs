// The program of a process that runs test files one after the other as its parent names them. Each file gets a root test of its
// own, so its teardowns, its time limit and its failures are its own.
import { register } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { Test } from 'tap'
import { root } from '../../scripts/root.mjs'
import { giveRoot } from './file-roots.mjs'

/** Sockets that a teardown has closed need a moment to be gone. */
const patienceMs = 3_000
const lookEveryMs = 5

t.setTimeout(0) // tap's own root test has nothing to do here, and would end the process after its time
register('./tap-hook.mjs', import.meta.url)
process.on('message', ({ file }) => void run(file))

async function run(file) {
  const before = activeResources()
  const url = pathToFileURL(path.resolve(root, file)).href
  const test = new Test({
    name: file,
    timeout: Number(process.env.TAP_TIMEOUT) * 1_000,
    cb: () => import(url),
  })
  giveRoot(url, test.t)
  test.on('data', (chunk) => process.send({ tap: String(chunk) }))

  await new Promise((resolve) => test.runMain(resolve))
  process.exitCode = undefined // a failure is the file's, and the parent has been told of it
  process.send({ over: await leftSince(before) })
}

/** What the file has left running: in a process of its own it would have kept the process from ending. */
async function leftSince(before) {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const left = [...activeResources()].filter(([kind, count]) => count > (before.get(kind) ?? 0))
    if (left.length === 0 || performance.now() > deadline) return left.map(([kind]) => kind)
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs).unref())
  }
}

function activeResources() {
  const counts = new Map()
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}
