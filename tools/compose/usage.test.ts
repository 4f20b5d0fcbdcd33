import t from 'tap'
import { parseUsage } from './usage.ts'

t.test('what is asked of the test of the containers', async (t) => {
  t.same(parseUsage([]), { rate: 40, isBuilt: false })
  t.same(parseUsage(['--rate', '5', '--no-build']), { rate: 5, isBuilt: true })
  t.match(parseUsage(['--help']), /usage: npm run test:compose/)
  for (const wrong of [['--rate', '0'], ['--rate', 'many'], ['--fast'], ['order']])
    t.throws(() => parseUsage(wrong), /usage: npm run test:compose/, wrong.join(' '))
})
