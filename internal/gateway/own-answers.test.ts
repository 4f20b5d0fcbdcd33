import t from 'tap'
import { ids } from './testing/fake-services.ts'
import { endpointTable, testGateway } from './testing/test-gateway.ts'

/** These show everybody the same. Whatever else is asked for may be somebody's own. */
const shared = [
  ...['GET /products', 'GET /products/:id', 'GET /families', 'GET /families/:id'],
  ...['GET /categories', 'GET /categories/:id', 'GET /images/:id/:preset'],
]

const places: Readonly<Record<string, string>> = { provider: 'stripe', preset: 'thumb', code: 'SUMMER' }
const placed = (path: string): string =>
  path.replace(/:(\w+)/g, (_all, name: string) => places[name] ?? ids.order)

t.test('no answer that may be somebody’s own is kept, whatever it is and whoever asks', async (t) => {
  const { send } = await testGateway(t)
  const answered = new Set<string>()
  for (const { method, path, takesFile, takesCsv } of endpointTable()) {
    const route = `${method} ${path}`
    const body = method === 'GET' || takesFile || takesCsv ? {} : { body: {} }
    for (const as of ['anyone', 'customer', 'admin'] as const) {
      const { headers, statusCode } = await send(`${method} ${placed(path)}`, { as, ...body })
      if (statusCode < 400) answered.add(route)
      if (shared.includes(route)) continue
      t.equal(headers['cache-control'], 'no-store', `${route}, asked by ${as}: ${statusCode}`)
    }
  }
  t.ok(answered.size > 60, `${answered.size} routes have answered with more than a refusal`)
})

t.test('what is shared is for anyone, and is no file of somebody’s own', (t) => {
  const routes = new Map(endpointTable().map((one) => [`${one.method} ${one.path}`, one]))
  for (const route of shared) t.equal(routes.get(route)?.access, 'anyone', route)
  for (const [route, { shows }] of routes) if (shows) t.ok(shared.includes(route), route)
  t.end()
})
