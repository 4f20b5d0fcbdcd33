import t from 'tap'
import { endpointTable } from '../gateway/testing/test-gateway.ts'
import { outsideMethods } from '../grpc/outside-methods.ts'
import { services } from '../services.ts'

/** Where an operation has another name than its method. Elsewhere they have the same. */
const named: Readonly<Record<string, string>> = {
  searchProducts: 'listProducts',
  readProducts: 'getProduct',
  updateProfile: 'updateOwnUser',
  listAddresses: 'listOwnAddresses',
}

const methods = services.flatMap(({ contract, grpc }) => (contract && grpc ? outsideMethods(contract) : []))

for (const { name, access, permission, takesIdempotencyKey } of methods)
  t.test(`${name} asks of its callers over gRPC what it asks of them over HTTP`, async (t) => {
    const endpoint = endpointTable().find(({ id }) => id === (named[name] ?? name))
    t.match(endpoint, {
      // Nobody shows an order's token over gRPC.
      access: access === 'customer' ? /^(customer|buyer)$/ : access,
      permission,
      rate: undefined,
    })
    t.equal(endpoint?.takesIdempotencyKey ?? false, takesIdempotencyKey)
  })

t.test('only services with an edge have methods for callers outside', async (t) => {
  const closed = services.flatMap(({ contract, grpc }) => (contract && !grpc ? outsideMethods(contract) : []))
  t.same(closed, [])
  t.ok(methods.length > 20)
})
