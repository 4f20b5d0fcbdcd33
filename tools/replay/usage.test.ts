import t from 'tap'
import { parseUsage } from './usage.ts'

t.test('a file is all that must be said', (t) => {
  const usual = { through: 'orders', sandbox: undefined, html: undefined }
  t.strictSame(parseUsage(['a.csv']), {
    ...{ path: 'a.csv', url: undefined, opening: 'enough', concurrency: 16 },
    ...usual,
  })
  const args = ['--opening-stock', '40', 'a.csv', '--url', 'http://shop:80/', '--concurrency=3']
  t.strictSame(parseUsage(args), {
    ...{ path: 'a.csv', url: 'http://shop:80', opening: 40, concurrency: 3 },
    ...usual,
  })
  const buying = parseUsage(['a.csv', '--through', 'checkout', '--sandbox', 'http://localhost:8090/'])
  t.match(buying, { through: 'checkout', sandbox: 'http://localhost:8090' })
  t.match(parseUsage(['--help']), /^usage: npm run replay -- FILE/)
  const help = parseUsage(['--help'])
  t.match(
    typeof help === 'string' ? help.replaceAll(/\s+/g, ' ') : '',
    /even invoice numbers with a card at the payment sandbox, odd ones on invoice/,
  )
  t.end()
})

t.test('what is wrong with the command line is told', (t) => {
  for (const [args, message] of [
    [[], /which FILE/],
    [['a', 'b'], /one FILE at a time/],
    [['a', '--fast'], /Unknown option '--fast'/],
    [['a', '--url', 'shop'], /--url must be an http URL/],
    [['a', '--url', 'http://'], /--url must be an http URL/],
    [['a', '--opening-stock', 'lots'], /--opening-stock must be a whole number from 0/],
    [['a', '--opening-stock=-1'], /--opening-stock must be/],
    [['a', '--through', 'carts'], /--through must be orders or checkout/],
    [['a', '--sandbox', 'http://localhost:8090'], /--sandbox goes with --through checkout/],
    [['a', '--concurrency', '0'], /--concurrency must be a whole number from 1 to 256/],
  ] as const) {
    t.throws(() => parseUsage(args), { message }, args.join(' '))
  }
  t.end()
})
