// One part of CI: a program whose closing line counts tests.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { closingLine, readClosingLine } from './closing-line.mjs'

/** The summary of a run names each failed test after its file. */
const failureLine = /^ {2}✗ \S+\.test\.ts: /

/** Shows what the part prints, and collects the names of the failed tests. Its closing line gets the part's name, because only the last line of CI is to be one. */
export async function runPart(name, args, { program = process.execPath, env = {}, show = console.log } = {}) {
  show(`\n${name}`)
  const start = performance.now()
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const release = endWith(child)
  let counts
  const failures = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const read = readClosingLine(line)
    counts = read ?? counts
    if (failureLine.test(line)) failures.push(line.trim())
    show(read ? `  ${name}: ${line}` : line)
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  release()
  const ms = performance.now() - start
  return { name, isOk: code === 0, counts, ms, failures, says: counts ? closingLine(counts) : '' }
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
