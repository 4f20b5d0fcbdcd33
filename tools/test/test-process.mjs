// The processes that tests run in. Whatever a test starts belongs to its process's group and is ended with it.
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../../scripts/root.mjs'

/** A test block may take this long. It is generous: a machine that does other things too must not make a test fail. */
const blockTimeoutSeconds = 120
const patienceMs = 5_000

/** What a test prints beside its result is kept up to this length; more than that helps nobody. */
const mostOutput = 20_000

/** A developer's settings for the stack must not reach the tests. */
const foreign = /DATABASE_URL$|^NATS_URL$|^PORT$|^HOST$|^DATA_DIR$|^JWT_SECRET$/

const running = new Set()

/** `ended` resolves with the exit code, or with words for the signal, after the whole group is gone and all output is read. */
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
    // A grandchild may have kept the pipe open; it is gone now, so this ends.
    if (!child.stdout.readableEnded) await new Promise((resolve) => child.stdout.once('close', resolve))
    running.delete(child)
    return ending
  })
  return {
    child,
    keep,
    ended,
    /** What it has printed since the last call. */
    takeOutput() {
      const taken = output
      output = ''
      return taken
    },
    end: () => endProcess(child),
  }
}

/** For a run that is interrupted. */
export async function endTestProcesses() {
  await Promise.all([...running].map(endProcess))
}

async function endProcess(child) {
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
