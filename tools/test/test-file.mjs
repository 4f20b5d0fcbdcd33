// Runs one test file in a process of its own, and reads its TAP while it runs.
import { Parser } from 'tap-parser'
import { tally } from './tally.mjs'
import { startTestProcess } from './test-process.mjs'

export const fileTimeoutMs = 300_000

export async function runTestFile(file, env, timeoutMs = fileTimeoutMs) {
  const start = performance.now()
  const run = startTestProcess([file], env)
  const parser = new Parser()
  const counts = tally(parser)
  run.child.stdout.on('data', (chunk) => parser.write(String(chunk)))
  const timer = setTimeout(() => void run.end(), timeoutMs)
  const ending = await run.ended
  const ms = performance.now() - start
  clearTimeout(timer)
  parser.end()
  if (ms > timeoutMs) counts.fail('the file', `took longer than ${timeoutMs / 1000} s`)
  else if (ending !== 0 && counts.failures.length === 0) counts.fail('the file', `ended with ${ending}`)
  return { file, ms, output: run.takeOutput(), ...counts.result() }
}
