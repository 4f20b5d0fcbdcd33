import t from 'tap'
import { flag, httpUrl, seedRange, someOf, text, UsageError, whole } from './options.ts'
import { readCommandLine, type Values } from './usage.ts'

const options = {
  seconds: whole({ from: 1, to: 60, otherwise: 20, help: 'how long it lasts' }),
  seed: whole({ from: 0, to: 0xffffffff, otherwise: undefined, usual: 7, help: 'decides what happens' }),
  only: someOf('colour', ['red', 'green', 'blue'] as const, 'uses only these'),
  seeds: seedRange('one after another'),
  url: httpUrl('a shop'),
  out: text('DIR', `where the results go: ${'somewhere '.repeat(15)}or elsewhere`),
  json: flag('prints JSON'),
}

const command = {
  forms: ['npm run paint [-- OPTIONS]'],
  about: 'Paints.',
  options,
  after: 'Exit code 1: it rained.',
  complain: ({ seed, seeds }: Values<typeof options>) =>
    seed !== undefined && seeds ? '--seed and --seeds exclude each other' : undefined,
}

const said = (...args: readonly string[]) => {
  const line = readCommandLine(command, args)
  if (typeof line === 'string') throw new Error('that was the help')
  return line.values
}

t.test('what is not said is as declared', async (t) => {
  const nothing = { seed: undefined, seeds: undefined, url: undefined, out: undefined, json: false }
  t.strictSame(said(), { seconds: 20, only: ['red', 'green', 'blue'], ...nothing })
})

t.test('what is said is read as what it means', async (t) => {
  t.match(said('--seconds', '5', '--seed=0', '--json', '--out', 'here'), {
    seconds: 5,
    seed: 0,
    json: true,
    out: 'here',
  })
  t.strictSame(said('--only', 'blue, red').only, ['red', 'blue'], 'in the order of the declaration')
  t.strictSame(said('--seeds', '3..5').seeds, [3, 4, 5])
  t.equal(said('--url', 'http://shop:80//').url, 'http://shop:80')
})

const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['--seconds', '0'], /^--seconds must be a whole number from 1 to 60\n/],
  [['--seconds', '61'], /^--seconds must be/],
  [['--seconds', '1e1'], /^--seconds must be/],
  [['--seconds', '1.5'], /^--seconds must be/],
  [['--seconds', ''], /^--seconds must be/],
  [['--seconds', ' 5'], /^--seconds must be/],
  [['--seconds=-5'], /^--seconds must be/],
  [['--seconds'], /^Option '--seconds <value>' argument missing\n/],
  [['--seed', '-1'], /^Option '--seed' argument is ambiguous\.\n/],
  [['--seed', '4294967296'], /^--seed must be/],
  [['--only', 'red,pink,grey'], /^--only: there is no colour pink, grey; there are red, green, blue\n/],
  [['--only', ''], /^--only: there is no colour/],
  [['--seeds', '5..3'], /^--seeds must be a range such as 1\.\.20, of at most 1000 seeds\n/],
  [['--seeds', '1..1001'], /^--seeds must be a range/],
  [['--seeds', '1'], /^--seeds must be a range/],
  [['--url', 'shop'], /^--url must be an http URL\n/],
  [['--url', 'ftp://shop'], /^--url must be/],
  [['--url', 'http://'], /^--url must be/],
  [['--json=yes'], /^Option '--json' does not take an argument\n/],
  [['--fast'], /^Unknown option '--fast'/],
  [['something'], /^Unexpected argument 'something'/],
  [['--seed', '1', '--seeds', '1..2'], /^--seed and --seeds exclude each other\n/],
]

for (const [args, message] of wrong) {
  t.test(`${args.join(' ')} is refused in one line, with the help below it`, async (t) => {
    const err = t.throws(() => readCommandLine(command, args)) as unknown
    if (!(err instanceof UsageError)) throw err
    t.match(err.message, message)
    t.match(err.message.split('\n')[1], /^usage: npm run paint/)
  })
}

t.test('the help tells ranges and defaults, in lines that fit', async (t) => {
  for (const ask of ['--help', '-h']) {
    const help = readCommandLine(command, [ask, '--seconds', '0'])
    if (typeof help !== 'string') throw new Error('that was not the help')
    t.match(help, /^usage: npm run paint \[-- OPTIONS\]\n\nPaints\.\n {2}--seconds N +how long it lasts/)
    t.match(help, /how long it lasts \(1 to 60; 20 by default\)\n/)
    t.match(help, /decides what happens \(0 to 4294967295; 7 by default\)\n/)
    t.match(help, /\n {2}--json +prints JSON\n/)
    t.match(help, /\nExit code 1: it rained\.$/)
    for (const line of help.split('\n')) t.ok(line.length <= 110, line)
    const [first = '', next = ''] = help.split('\n').filter((line) => line.includes('somewhere'))
    t.equal(next.search(/\S/), first.indexOf('where the results'), 'a long text goes on below its beginning')
  }
})

t.test('a command may want one argument, and then gets it or says which', async (t) => {
  const reading = { forms: ['read FILE'], about: 'Reads.', options: {}, after: 'Done.', operand: 'FILE' }
  t.match(readCommandLine(reading, ['a.csv']), { operand: 'a.csv' })
  t.throws(() => readCommandLine(reading, []), { message: /^which FILE\?\nusage: read FILE/ })
  t.throws(() => readCommandLine(reading, ['a', 'b']), { message: /^one FILE at a time\n/ })
})
