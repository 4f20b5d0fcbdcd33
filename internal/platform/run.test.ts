import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { createScope } from './run.ts'
import { silent } from './testing/scope.ts'

t.test('closers run in reverse, and one that fails stops no other', async (t) => {
  const closed: string[] = []
  const scope = createScope(silent, () => undefined)
  scope.onClose('first', async () => closed.push('first'))
  scope.onClose('second', async () => {
    throw new Error('will not close')
  })
  scope.onClose('third', async () => closed.push('third'))
  await scope.close()
  t.same(closed, ['third', 'first'])
  await scope.close()
  t.same(closed, ['third', 'first'], 'once')
})

t.test('a loop that dies is told of, one that ends is not', async (t) => {
  const failures: unknown[] = []
  const scope = createScope(silent, (err) => void failures.push(err))
  scope.watch('good', Promise.resolve())
  const died = Promise.reject(new Error('dead'))
  scope.watch('bad', died)
  await died.catch(() => undefined)
  t.match(failures, [{ message: 'dead' }])
})

/** Starts a process that runs the code in `start`, which can use `scope`. */
function started(t: { teardown: (end: () => void) => void }, start: string, options = '{}') {
  const script = `
    import { createLog } from './internal/platform/log.ts'
    import { run } from './internal/platform/run.ts'
    const alive = setInterval(() => {}, 1000)
    await run(createLog('child', 'info'), async (scope) => {
      scope.onClose('alive', async () => clearInterval(alive))
      scope.onClose('said', async () => console.log('closed'))
      ${start}
    }, ${options})`
  const child = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => void child.kill('SIGKILL'))
  const result = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code, signal], stdout, stderr]: [unknown[], string, string]) => ({ code, signal, stdout, stderr }),
  )
  return { child, result }
}

t.test('a process that is told to stop closes what it opened and exits with 0', async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { child, result } = started(t, "console.log('up')")
    await once(child.stdout, 'data')
    child.kill(signal)
    t.match(await result, { code: 0, stdout: /closed/ })
  }
})

t.test('a dead loop takes the process with it, and that is no success', async (t) => {
  const { result } = started(t, "scope.watch('loop', Promise.reject(new Error('it died')))")
  const { code, stdout, stderr } = await result
  t.equal(code, 1)
  t.match(stdout, /closed/, 'what was open is closed all the same')
  t.match(stderr, /it died/)
})

t.test('a start that fails closes what was open already', async (t) => {
  const { result } = started(t, "throw new Error('no start')")
  t.match(await result, { code: 1, stdout: /closed/, stderr: /no start/ })
})

t.test('an error that the user can mend is one line without a stack', async (t) => {
  const { result } = started(t, "throw new Error('set PORT')", '{ explain: (err) => err.message }')
  const { code, stderr } = await result
  t.equal(code, 1)
  t.equal(stderr, 'set PORT\n')
})

t.test('a closer that hangs is not waited for longer than the grace', async (t) => {
  const { child, result } = started(
    t,
    "scope.onClose('hangs', () => new Promise(() => {})); console.log('up')",
    '{ graceMs: 100 }',
  )
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  t.match(await result, { code: 1, stderr: /did not stop in time/ })
})

t.test('a process that still starts can be stopped', async (t) => {
  // The process waits here as for a nats-server that never comes.
  const { child, result } = started(
    t,
    "setInterval(() => {}, 1000); console.log('starting'); await new Promise(() => {})",
  )
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  t.match(await result, { code: 0, stdout: /closed/ })
})
