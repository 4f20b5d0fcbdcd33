import t from 'tap'
import { parseUsage } from './usage.ts'

t.test('a campaign begins with seed 1 and has as many as npm test', async (t) => {
  t.same(parseUsage([]), { from: 1, seeds: 2_000, showsHistory: false, json: false, isQuick: false })
  t.same(parseUsage(['--seeds', '5', '--from', '7', '--json']), {
    from: 7,
    seeds: 5,
    showsHistory: false,
    json: true,
    isQuick: false,
  })
  t.match(parseUsage(['--seed', '9']), { from: 9, seeds: 1, showsHistory: true })
  t.match(parseUsage(['--help']), /^usage: npm run simulate/)
})

const bad = [
  ['--seeds', '0'],
  ['--seeds', 'x'],
  ['--seed', '-1'],
  ['--what'],
  ['7'],
  ['--seed', '1', '--from', '2'],
]

for (const args of bad) {
  t.test(`${args.join(' ')} is refused with the usage`, async (t) => {
    t.throws(() => parseUsage(args), { message: /usage: npm run simulate/ })
  })
}
