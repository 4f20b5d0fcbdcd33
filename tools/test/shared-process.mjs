// Runs several test files one after the other in one process, because starting a process takes longer than most of
// them.
import { fileURLToPath } from 'node:url'
import { Parser } from 'tap-parser'
import { tally } from './tally.mjs'
import { fileTimeoutMs } from './test-file.mjs'
import { startTestProcess } from './test-process.mjs'

const program = fileURLToPath(new URL('./shared-program.mjs', import.meta.url))
/** After its last file a process only has to write its coverage. */
const farewellMs = 20_000

/** When a file crashes the process or leaves something running in it, the next file gets a new process. */
export function openSharedProcess(env) {
  let current
  return {
    async run(file, timeoutMs = fileTimeoutMs) {
      current ??= start(env)
      const { result, isUsable } = await runIn(current, file, timeoutMs)
      if (!isUsable) current = undefined
      return result
    },
    async close() {
      if (!current) return
      const { run } = current
      current = undefined
      if (run.child.connected) run.child.disconnect()
      const timer = setTimeout(() => void run.end(), farewellMs)
      await run.ended
      clearTimeout(timer)
    },
  }
}

function start(env) {
  const run = startTestProcess([program], env, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  run.child.stdout.on('data', run.keep)
  return { run, before: [] }
}

async function runIn({ run, before }, file, timeoutMs) {
  const startedAt = performance.now()
  const parser = new Parser()
  const counts = tally(parser)
  const { ending, left } = await fileEnd(run, file, { timeoutMs, onTap: (text) => parser.write(text) })
  const ms = performance.now() - startedAt
  if (ms > timeoutMs) counts.fail('the file', `took longer than ${timeoutMs / 1000} s`)
  else if (ending !== undefined) counts.fail('the file', broughtDown(ending, before))
  parser.end()
  if (left?.length > 0) counts.fail('the file', `left something running: ${left.join(', ')}`)
  before.push(file)
  const isUsable = ending === undefined && !(left?.length > 0)
  if (!isUsable) await run.end().then(() => run.ended)
  else await new Promise((resolve) => setTimeout(resolve)) // its output is still in the pipe
  return { result: { file, ms, output: run.takeOutput(), ...counts.result() }, isUsable }
}

/** Resolves when the program reports that the file has ended, or when the process ends. */
function fileEnd(run, file, { timeoutMs, onTap }) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => void run.end(), timeoutMs)
    const finish = (how) => {
      clearTimeout(timer)
      run.child.off('message', onMessage)
      resolve(how)
    }
    // tap itself sends messages too, because it expects a parent of its own.
    const onMessage = ({ tap, over }) => {
      if (tap !== undefined) onTap(tap)
      if (over !== undefined) finish({ left: over })
    }
    run.child.on('message', onMessage)
    void run.ended.then((ending) => finish({ ending }))
    run.child.send({ file }, (err) => err && void run.end())
  })
}

/** The message names the files that ran before, because one of them may have left the cause behind. */
function broughtDown(ending, before) {
  const company = before.length === 0 ? '' : `; before it there ran ${before.slice(-5).join(', ')}`
  return `its process ended with ${ending} before the file was over${company}`
}
