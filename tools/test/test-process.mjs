// The processes in which tests run. Everything that a test starts belongs to the group of its process and is ended
// with it.
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../../scripts/root.mjs'

/** A test block may take this long. It is generous, so that a busy machine does not make tests fail. */
const blockTimeoutSeconds = 120
const patienceMs = 5_000

/** The output of a test besides its result is kept up to this length. More would not help anybody. */
const mostOutput = 20_000

/** A developer's settings for the stack must not reach the tests. */
const foreign = /DATABASE_URL$|^NATS_URL$|^PORT$|^HOST$|^DATA_DIR$|^JWT_SECRET$/

const running = new Set()

/**
 * When the whole group has ended and all output is read, `ended` resolves with the exit code or a text about the
 * signal.
 */
export function startTestProcess(args, env, { stdio = ['ignore', 'pipe', 'pipe'] } = {}) {
  const child = spawn(process.execPath, ['--import=tsx', '--enable-source-maps', ...args], {
    cwd: root,
    env: { ...ownEnv(), TAP_TIMEOUT: String(blockTimeoutSeconds), ...env },
    stdio,
    detached: true, // it leads a group of its own
  })
  running.add(child)
  const dismissGuard = guardGroup(child.pid)
  let output = ''
  const keep = (chunk) => (output = (output + chunk).slice(-mostOutput))
  child.stderr.on('data', keep)
  const ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : code))
  }).then(async (ending) => {
    signalGroup(child, 'SIGKILL')
    dismissGuard()
    // A grandchild may have kept the pipe open. It has ended by now, so the pipe closes.
    if (!child.stdout.readableEnded) await new Promise((resolve) => child.stdout.once('close', resolve))
    running.delete(child)
    return ending
  })
  return {
    child,
    keep,
    ended,
    /** Returns what the process has printed since the last call. */
    takeOutput() {
      const taken = output
      output = ''
      return taken
    },
    end: () => endProcess(child),
  }
}

/** Ends all processes when the run is interrupted. */
export async function endTestProcesses() {
  await Promise.all([...running].map(endProcess))
}

async function endProcess(child) {
  signalGroup(child, 'SIGTERM')
  for (const end = performance.now() + patienceMs; running.has(child) && performance.now() < end;)
    await sleep(50)
  signalGroup(child, 'SIGKILL')
}

/** Starts a shell that kills the group when our end of its pipe closes, which happens even after `kill -9`. */
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
