// Loaded into a service of the campaign with `--import`, and into nothing else: at SIGUSR2 its clock is set off by what
// the file in this module's address says, and what it then shows is written beside it. JavaScript, because the
// service's worker threads load it too, before they can read TypeScript.
import { readFileSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const file = new URL(import.meta.url).searchParams.get('file') ?? ''
const RealDate = Date
let offsetMs = 0
const now = () => RealDate.now() + offsetMs

/** `new Date()`, `Date()` and `Date.now()` tell the shifted time; everything else of Date is as it was. */
const shifted = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
})

if (isMainThread) {
  process.on('SIGUSR2', () => {
    offsetMs = Number(readFileSync(file, 'utf8'))
    globalThis.Date = offsetMs === 0 ? RealDate : shifted
    writeFileSync(`${file}.told`, String(Date.now()))
  })
}
