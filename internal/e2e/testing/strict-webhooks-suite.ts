import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Shop } from './shop.ts'

const module = pathToFileURL(path.resolve('internal/e2e/testing/changing-name.mjs')).href
/** In the processes of a shop with these settings `changing.example` changes its address at each look-up. */
export const changingName = { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${module}`.trim() }

/** Counts who connects, whatever they say. */
async function openHost(t: Test) {
  const state = { connections: 0 }
  const server = createServer((socket) => {
    state.connections++
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { state, port: (server.address() as AddressInfo).port }
}

type Deliveries = { readonly data: readonly { readonly failure?: string; readonly attempts: number }[] }

/** What a shop calls that everybody reaches: no private address, however it is written or looked up. */
export function strictWebhooksSuite(t: Test, shop: Shop): void {
  const { api, adminToken: token } = shop
  const add = (url: string) =>
    api.request<{ id: string; code?: string }>('POST', '/admin/webhooks', {
      ...{ token, body: { url, events: ['product.*'] } },
    })

  t.test('an endpoint at a private address is refused, however it is written', async (t) => {
    const { port, state } = await openHost(t)
    const hosts = [
      ...['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', 'localhost', '10.0.0.1', '192.168.1.1'],
      ...['169.254.169.254', '[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]', '[fd00::1]', '0.0.0.0'],
    ]
    const refused = { status: 400, body: { code: 'webhook.invalid-url' } }
    for (const host of hosts) t.match(await add(`https://${host}:${port}/hook`), refused, host)
    t.match(await add(`http://shop.example:${port}/hook`), refused, 'without TLS')
    const { body: made } = await add(`https://hooks.example:${port}/hook`)
    const change = (url: string) =>
      api.request('PATCH', `/admin/webhooks/${made.id}`, { token, body: { url } })
    for (const host of hosts) t.match(await change(`https://${host}:${port}/hook`), refused, `${host} later`)
    t.equal((await api.request('DELETE', `/admin/webhooks/${made.id}`, { token })).status, 204)
    t.equal(state.connections, 0)
  })

  t.test('a name that changes its address after it was looked up reaches nothing private', async (t) => {
    const { port, state } = await openHost(t)
    const { status, body: hook } = await add(`https://changing.example:${port}/hook`)
    t.equal(status, 201, 'a name may mean anything')
    await shop.newProduct(1)
    const seen = new Set<string>()
    await eventually(
      'it was called at both addresses',
      async () => {
        const at = `/admin/webhooks/${hook.id}/deliveries`
        const { data } = (await api.request<Deliveries>('GET', at, { token })).body
        for (const { failure } of data) if (failure) seen.add(failure)
        return seen.size >= 2
      },
      120_000,
    )
    t.ok(seen.has('address-refused'), [...seen].join())
    t.equal(state.connections, 0)
  })
}
