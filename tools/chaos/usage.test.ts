import t from 'tap'
import { allFaultKinds } from './fault-kinds.ts'
import { parseUsage } from './usage.ts'

t.test('nothing said is a minute of everything', async (t) => {
  t.match(parseUsage([]), {
    seconds: 60,
    seeds: [1],
    kinds: allFaultKinds,
    hasProcesses: false,
    isJson: false,
  })
})

t.test('it names the command that repeats a seed', async (t) => {
  const wanted = parseUsage([
    '--seconds',
    '90',
    '--seeds',
    '3..5',
    '--only',
    'poison,nats-kill',
    '--processes',
  ])
  if (typeof wanted === 'string') throw new Error('no run')
  t.same(wanted.seeds, [3, 4, 5])
  const again = wanted.command(4)
  t.equal(again, 'npm run chaos -- --seed 4 --seconds 90 --only nats-kill,poison --processes')
  t.match(parseUsage(again.split(' ').slice(4)), { seeds: [4], seconds: 90, hasProcesses: true })
})

t.test('with messages there are fewer orders, unless it is said how many', async (t) => {
  t.match(parseUsage([]), { hasMessages: false, rate: 300 })
  const few = parseUsage(['--messages'])
  t.match(few, { hasMessages: true, rate: 3 })
  if (typeof few === 'string') throw new Error('no run')
  t.equal(few.command(2), 'npm run chaos -- --seed 2 --seconds 60 --messages')
  t.match(parseUsage(['--messages', '--rate', '300']), { hasMessages: true, rate: 300 })
})

t.test('help and the list are texts', async (t) => {
  t.match(parseUsage(['-h']), /^usage: npm run chaos/)
  for (const kind of allFaultKinds) t.match(parseUsage(['--list']), new RegExp(`^${kind} `, 'm'))
})

t.test('what is wrong is said, with the usage', async (t) => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--seconds', '4'], /--seconds must be a whole number from 5/],
    [['--seed', 'x'], /--seed must be/],
    [['--seeds', '9..2'], /--seeds must be a range/],
    [['--seeds', '1..2', '--seed', '1'], /exclude each other/],
    [['--only', 'rain'], /there is no fault rain/],
    [['--what'], /Unknown option/],
  ]
  for (const [args, message] of wrong) {
    t.throws(() => parseUsage(args), { message })
  }
})
