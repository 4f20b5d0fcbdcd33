// npm run dev: runs npm start, and again after each change of the sources, contracts, schemas or settings. When the pages of
// web/ have changed, only they are built again; the browser loads them by itself.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { root } from './root.mjs'

/** Changes within this time cause only one restart, because an editor saves several files at once, and git many. */
const quietMs = 200

const watched = ['cmd', 'internal', 'proto', 'prisma', '.env', 'package-lock.json']
/** The pages are built in a process of its own, while the services go on. */
const pages = path.join('web', 'src')
const ignored = /^internal\/gen\/|\/infrastructure\/db\/|\.test\.ts$|~$|\.sw.$/

let child
let isStopping = false
let startsAgain = false
let timer
let building

for (const name of watched) watchPath(name, restart)
watchPath(pages, buildPages)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
start()

function start() {
  startsAgain = false
  child = spawn(process.execPath, [path.join(root, 'scripts', 'start.mjs'), '--dev'], {
    cwd: root,
    stdio: 'inherit',
  })
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

/** One build at a time; a change during it is built after it. */
function buildPages(file) {
  if (isStopping) return
  if (building) return void building.once('exit', () => buildPages(file))
  console.log(`\n${file} has changed`)
  const args = [path.join(root, 'scripts', 'web.mjs'), '--dev']
  building = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  building.once('exit', () => (building = undefined))
}

function stop(signal) {
  isStopping = true
  if (!child) process.exit(0)
  child.kill(signal)
}

function watchPath(name, onChange) {
  try {
    watch(path.join(root, name), { recursive: true }, (_event, file) => {
      const changed = file && file !== name ? path.join(name, file) : name
      if (ignored.test(changed)) return
      clearTimeout(timer)
      timer = setTimeout(() => onChange(changed), quietMs)
    })
  } catch (err) {
    if (err.code !== 'ENOENT') throw err // a missing .env is fine
  }
}
