// npm run dev: runs npm start, and again after each change of the sources, contracts, schemas or settings.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { root } from './root.mjs'

/** Changes within this time cause only one restart, because an editor saves several files at once, and git many. */
const quietMs = 200

const watched = ['cmd', 'internal', 'proto', 'prisma', '.env', 'package-lock.json']
const ignored = /^internal\/gen\/|\/infrastructure\/db\/|\.test\.ts$|~$|\.sw.$/

let child
let isStopping = false
let startsAgain = false
let timer

for (const name of watched) watchPath(name)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
start()

function start() {
  startsAgain = false
  child = spawn(process.execPath, [path.join(root, 'scripts', 'start.mjs')], { cwd: root, stdio: 'inherit' })
  child.once('exit', (code, signal) => {
    child = undefined
    if (isStopping) process.exit(code ?? 128 + constants.signals[signal])
    if (startsAgain) return start()
    console.log('\nwaiting for a change …')
  })
}

/** Servers and services stop in their order before they start again. */
function restart(file) {
  if (isStopping) return
  console.log(`\n${file} has changed`)
  startsAgain = true
  if (child) child.kill('SIGTERM')
  else start()
}

function stop(signal) {
  isStopping = true
  if (!child) process.exit(0)
  child.kill(signal)
}

function watchPath(name) {
  try {
    watch(path.join(root, name), { recursive: true }, (_event, file) => {
      const changed = file && file !== name ? path.join(name, file) : name
      if (ignored.test(changed)) return
      clearTimeout(timer)
      timer = setTimeout(() => restart(changed), quietMs)
    })
  } catch (err) {
    if (err.code !== 'ENOENT') throw err // a missing .env is fine
  }
}
