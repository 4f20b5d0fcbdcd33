// Child processes that end when this process gets a signal.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { Failure } from './steps.mjs'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** Many may run at once, and Node warns of many listeners; so there is one for all of them. */
const running = new Set()
let received

/** Runs a command. Its output is shown only when it fails. */
export function runQuietly(command, args, options = {}) {
  return run(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Runs a command that writes to the terminal itself. */
export function runLoudly(command, args, options = {}) {
  return run(command, args, { ...options, stdio: 'inherit' })
}

function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options)
    const release = forwardSignals(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
    child.on('error', (err) => {
      release()
      reject(new Failure(`${command} cannot be run: ${err.message}`))
    })
    child.on('close', (code, signal) => {
      const stoppedBy = release()
      if (stoppedBy) process.exit(128 + constants.signals[stoppedBy])
      if (code === 0) return resolve(output)
      const how = signal ? `was ended by ${signal}` : `ended with ${code}`
      reject(new Failure(`${[command, ...args].join(' ')} ${how}\n${output.trim()}`.trim()))
    })
  })
}

/**
 * Passes on Ctrl-C and SIGTERM. The returned function stops that and returns the signal that came, if there was one.
 */
function forwardSignals(child) {
  if (running.size === 0) for (const signal of signals) process.on(signal, forward)
  running.add(child)
  return () => {
    running.delete(child)
    if (running.size === 0) for (const signal of signals) process.off(signal, forward)
    return received
  }
}

function forward(signal) {
  received = signal
  for (const child of running) child.kill(signal)
}
