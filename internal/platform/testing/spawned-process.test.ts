import t from 'tap'
import { spawnProcess } from './spawned-process.ts'

const run = (script: string, keptOutput?: number) =>
  spawnProcess('a program', ['--eval', script], {
    env: { WHO: 'nobody' },
    ...(keptOutput === undefined ? {} : { keptOutput }),
  })

t.test('it hears what a process says on both streams, and how it ends', async (t) => {
  const child = run("console.log('up at', 8080); console.error('for', process.env.WHO); process.exitCode = 3")
  const [, port] = await child.says(/up at (\d+)/)
  t.equal(port, '8080')
  t.equal(await child.ended, 3)
  t.match(child.output(), /for nobody/)
  t.match(await child.says(/for (\w+)/), { 1: 'nobody' }, 'also afterwards')
})

t.test('what is never said is an error that tells what was said', async (t) => {
  await t.rejects(run("console.log('no'); process.exit(1)").says(/yes/), {
    message: /^a program ended before it said \/yes\/; it said:\nno$/,
  })
  const child = run('setInterval(() => {}, 1_000)')
  t.teardown(child.stop)
  await t.rejects(child.says(/yes/, 10), { message: /^a program took more than 10 ms before/ })
})

t.test('it ends when it is told to', async (t) => {
  const child = run("console.log('up'); setInterval(() => {}, 1_000)")
  await child.says(/up/)
  await child.stop()
  t.equal(await child.ended, 'SIGTERM')
})

t.test('only the end of the output is kept where so much is not wanted', async (t) => {
  const child = run("console.log('x'.repeat(100) + 'end')", 6)
  await child.ended
  t.equal(child.output(), 'xxend\n')
})
