// One test file: a process of its own, whose TAP is read while it runs.
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Parser } from 'tap-parser'
import { root } from '../../scripts/root.mjs'
import { tally } from './tally.mjs'

/** Generous: a machine that does other things too must not make a test fail. */
const blockTimeoutSeconds = 120
const fileTimeoutMs = 300_000
const patienceMs = 5_000

/** What a test reports beside its result; more than that helps nobody. */
const mostOutput = 20_000

/** A developer's settings for the stack must not reach the tests. */
const foreign = /DATABASE_URL$|^NATS_URL$|^PORT$|^HOST$|^DATA_DIR$|^JWT_SECRET$/

const running = new Set()

export async function runTestFile(file, env) {
  const start = performance.now()
  const child = spawn(process.execPath, ['--import=tsx', '--enable-source-maps', file], {
    cwd: root,
    env: { ...ownEnv(), TAP_TIMEOUT: String(blockTimeoutSeconds), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that whatever it starts can be ended with it
  })
  running.add(child)
  const dismissGuard = guardGroup(child.pid)
  const parser = new Parser()
  const counts = tally(parser)
  let output = ''
  child.stderr.on('data', (chunk) => (output = (output + chunk).slice(-mostOutput)))
  child.stdout.on('data', (chunk) => parser.write(String(chunk)))
  const timer = setTimeout(() => void endFile(child), fileTimeoutMs)
  const ending = await new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : code))
  })
  const ms = performance.now() - start
  clearTimeout(timer)
  signalGroup(child, 'SIGKILL')
  dismissGuard()
  // A grandchild may have kept the pipe open; it is gone now, so this ends.
  if (!child.stdout.readableEnded) await new Promise((resolve) => child.stdout.once('close', resolve))
  parser.end()
  running.delete(child)
  if (ms > fileTimeoutMs) counts.fail('the file', `took longer than ${fileTimeoutMs / 1000} s`)
  else if (ending !== 0 && counts.failures.length === 0) counts.fail('the file', `ended with ${ending}`)
  return { file, ms, output, ...counts.result() }
}

/** For a run that is interrupted. */
export async function endTestFiles() {
  await Promise.all([...running].map(endFile))
}

async function endFile(child) {
  signalGroup(child, 'SIGTERM')
  for (const end = performance.now() + patienceMs; running.has(child) && performance.now() < end;)
    await sleep(50)
  signalGroup(child, 'SIGKILL')
}

/** A shell that kills the group when our end of its pipe closes: that happens even when this process gets `kill -9`. */
function guardGroup(pid) {
  const shell = spawn(
    '/bin/sh',
    ['-c', 'read -r word; [ "$word" = done ] || kill -KILL -"$1"', 'sh', String(pid)],
    {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  )
  shell.unref()
  shell.stdin.on('error', () => {})
  return () => shell.stdin.end('done\n')
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal)
  } catch (err) {
    if (err.code !== 'ESRCH') throw err
  }
}

function ownEnv() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}
