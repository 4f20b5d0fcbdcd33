// Only services of the campaign load this module, with `--import`. At SIGUSR2 it shifts the clock by the milliseconds
// in the file that this module's URL names, and writes the time that the clock then shows beside that file. It is
// JavaScript, because the service's worker threads load it too, before they can read TypeScript.
import { readFileSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const file = new URL(import.meta.url).searchParams.get('file') ?? ''
const RealDate = Date
let offsetMs = 0
const now = () => RealDate.now() + offsetMs

/** `new Date()`, `Date()` and `Date.now()` return the shifted time. Everything else of Date is unchanged. */
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
