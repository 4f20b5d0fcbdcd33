import { spawnSync } from 'node:child_process'
import t from 'tap'

const program = `
  import { armFailpoints, failpoint } from './internal/platform/failpoint.ts'
  armFailpoints(new Map(JSON.parse(process.argv[1])))
  for (let passage = 1; passage <= 3; passage++) {
    failpoint('commit-wake')
    process.stdout.write(passage + ' ')
  }`

const run = (points: readonly (readonly [string, number])[]) => {
  const args = ['--import=tsx', '--input-type=module', '-e', program, JSON.stringify(points)]
  const { stdout, stderr, signal, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { stdout, stderr, signal, status }
}

t.test('the process dies at the armed passage, and says where', async (t) => {
  t.match(run([['commit-wake', 3]]), {
    stdout: '1 2 ',
    stderr: 'failpoint commit-wake reached\n',
    signal: 'SIGKILL',
  })
})

t.test('it passes points that are not armed', async (t) => {
  for (const points of [[], [['effect-ack', 1]]] as const) {
    t.match(run(points), { stdout: '1 2 3 ', stderr: '', status: 0 })
  }
})
