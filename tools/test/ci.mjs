// What CI runs: static checks, the tests, the campaigns, and the tests once more on the newest Node and the newest
// nats-server. It runs one part after the other, also after one has failed. Its last line is the sum over all of them.
import path from 'node:path'
import { root } from '../../scripts/root.mjs'
import { seconds } from '../../scripts/steps.mjs'
import { closingLine, sumOf } from './closing-line.mjs'
import { installChromium } from './install-chromium.mjs'
import { findNatsServer, findNode, newestNode } from './other-versions.mjs'
import { runPart } from './part.mjs'

const tests = path.join('tools', 'test', 'main.mjs')

/** CI may take 90 minutes, of which some go by before this program runs. On a slow machine not all fits in. */
const wholeMs = 84 * 60_000
/** The longest campaign on a slow machine. */
const campaignMs = 6 * 60_000

process.chdir(root)
const begunAt = Date.now()
const checked = await runPart('static checks', [path.join('scripts', 'check.mjs')])
const tested = await runPart('npm test', [tests, '--coverage'])
installChromium()
const testsAgainAt = begunAt + wholeMs - 1.1 * tested.ms
const env = { CAMPAIGNS_BEGIN_BEFORE: String(testsAgainAt - campaignMs) }
const campaigns = await runPart('npm run test:campaigns', [tests, '--campaigns'], { env })
const parts = [checked, tested, campaigns, ...(await onNewestVersions())]
console.log('\nall parts')
for (const { name, isOk, isSkipped, ms, says } of parts) {
  const mark = isSkipped ? 'skipped' : isOk ? 'ok' : 'FAILED'
  console.log(`  ${mark.padEnd(8)} ${seconds(ms).padStart(7)}  ${name}${says ? `: ${says}` : ''}`)
}
process.exitCode = parts.every(({ isOk }) => isOk) ? 0 : 1
for (const { name, failures = [] } of parts)
  for (const failure of failures) console.log(`  ${name}: ${failure}`)
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
  if (Date.now() > testsAgainAt) {
    skip(`npm test on ${names.join(' and ')}`, 'no time was left to run it')
    return missing
  }
  const env = nats.file ? { NATS_SERVER_BIN: nats.file } : {}
  const options = { program: node?.file, env }
  return [...missing, await runPart(`npm test on ${names.join(' and ')}`, [tests], options)]
}
