import t from 'tap'
import { databaseLabels, distinctDatabases } from './distinct-databases.ts'

const database = (url: string) => ({
  url,
  applicationName: 'test',
  maxConnections: 1,
  statementTimeoutMs: 1_000,
})
const urlsOf = (urls: readonly string[]): readonly string[] =>
  distinctDatabases(urls.map(database)).map(({ url }) => url)

t.test('each database once, whoever connects to it and how it is written', async (t) => {
  const one = 'postgresql://producer:secret@db/shop'
  const same = ['postgres://order:other@db:5432/shop', 'postgresql://producer@db/shop?sslmode=require']
  t.same(urlsOf([one, ...same]), [one])
  const others = [
    'postgresql://db/orders',
    'postgresql://db:5433/shop',
    'postgresql://elsewhere/shop',
    'postgresql://localhost/shop?host=/run/postgresql',
  ]
  t.same(urlsOf([one, ...others, one]), [one, ...others])
})

t.test(
  'a database is called by its name, and by its place where two have one name; never by its password',
  async (t) => {
    const urls = [
      'postgresql://u:p@db/shop',
      'postgresql://u:p@db/orders',
      'postgresql://u:p@other:5433/shop',
    ]
    t.same(databaseLabels(urls.map(database)), ['db:5432/shop', 'orders', 'other:5433/shop'])
  },
)
