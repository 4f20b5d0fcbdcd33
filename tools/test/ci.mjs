// What CI runs: static checks, the tests, the campaigns, and the tests once more on the newest Node and the newest
// nats-server. It runs one part after the other, also after one has failed. Its last line is the sum over all of them.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../scripts/root.mjs'
import { seconds } from '../../scripts/steps.mjs'
import { closingLine, readClosingLine, sumOf } from './closing-line.mjs'
import { findNatsServer, findNode, newestNode } from './other-versions.mjs'

const tests = path.join('tools', 'test', 'main.mjs')

process.chdir(root)
const parts = [
  await run('static checks', [path.join('scripts', 'check.mjs')]),
  await run('npm test', [tests, '--coverage']),
  await run('npm run test:campaigns', [tests, '--campaigns']),
  ...(await onNewestVersions()),
]
console.log('\nall parts')
for (const { name, isOk, isSkipped, ms, says } of parts) {
  const mark = isSkipped ? 'skipped' : isOk ? 'ok' : 'FAILED'
  console.log(`  ${mark.padEnd(8)} ${seconds(ms).padStart(7)}  ${name}${says ? `: ${says}` : ''}`)
}
process.exitCode = parts.every(({ isOk }) => isOk) ? 0 : 1
console.log(`\n${closingLine(sumOf(parts))}`)

/**
 * One run of all tests covers both versions. A version that cannot be obtained is reported, and the usual one is used.
 */
async function onNewestVersions() {
  const missing = []
  const skip = (name, says) => missing.push({ name, says, isOk: true, isSkipped: true, ms: 0 })
  const fault = (name) => (err) => void missing.push({ name, says: err.message, isOk: false, ms: 0 })
  const nodeName = `npm test on Node ${newestNode}`
  const node = await findNode().catch(fault(nodeName))
  if (node?.reason) skip(nodeName, node.reason)
  const nats = await findNatsServer()
  if (nats.reason) skip('npm test on the newest nats-server', nats.reason)
  if (!node?.file && !nats.file) return missing
  const names = [node?.file && `Node ${newestNode}`, nats.file && 'the newest nats-server'].filter(Boolean)
  const env = nats.file ? { NATS_SERVER_BIN: nats.file } : {}
  const options = { program: node?.file, env }
  return [...missing, await run(`npm test on ${names.join(' and ')}`, [tests], options)]
}

/** Shows what the part prints. Its closing line gets the part's name, because only the last line of CI is to be one. */
async function run(name, args, { program = process.execPath, env = {} } = {}) {
  console.log(`\n${name}`)
  const start = performance.now()
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const release = endWith(child)
  let counts
  createInterface({ input: child.stdout }).on('line', (line) => {
    const read = readClosingLine(line)
    counts = read ?? counts
    console.log(read ? `  ${name}: ${line}` : line)
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  release()
  const ms = performance.now() - start
  return { name, isOk: code === 0, counts, ms, says: counts ? closingLine(counts) : '' }
}

/** A signal ends the part that is running, and then this process. */
function endWith(child) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const end = (signal) => {
    child.kill(signal)
    child.on('close', () => process.exit(128 + constants.signals[signal]))
  }
  for (const signal of signals) process.on(signal, end)
  return () => signals.forEach((signal) => process.off(signal, end))
}
