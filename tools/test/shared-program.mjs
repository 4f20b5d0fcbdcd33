// This program runs the test files that its parent names, one after the other. Each file gets its own root test, so
// that it has its own teardowns, time limit and failures.
import { register } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { Test } from 'tap'
import { root } from '../../scripts/root.mjs'
import { giveRoot } from './file-roots.mjs'

/** Sockets that a teardown has closed disappear only after a moment. */
const patienceMs = 3_000
const lookEveryMs = 5

t.setTimeout(0) // tap's own root test is not used here, and its timeout would end the process
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
  process.exitCode = undefined // the parent already knows that the file has failed
  process.send({ over: await leftSince(before) })
}

/** What the file has left running. In a process of its own it would have kept that process from ending. */
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
