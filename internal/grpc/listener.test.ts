import { createServer } from 'node:net'
import { once } from 'node:events'
import path from 'node:path'
import { credentials, loadPackageDefinition, status, type Client, type ServiceError } from '@grpc/grpc-js'
import { loadFileDescriptorSetFromObject, loadSync } from '@grpc/proto-loader'
import { fromBinary, toJson } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { protoPath } from 'grpc-health-check'
import t, { type Test } from 'tap'
import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { OrderService } from '../gen/order/v1/order_pb.ts'
import { certificate, privateKey } from '../platform/testing/certificate.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { outsideMethods } from './outside-methods.ts'
import { clientFrom, clientOf, testEdge } from './testing/test-edge.ts'

async function takenPort(t: Test): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as { port: number }).port
}

t.test('a taken port that was asked for stops the start by the name of its setting', async (t) => {
  const port = await takenPort(t)
  await t.rejects(testEdge(t, InventoryService, { address: { port, isGiven: true } }), {
    name: 'ListenError',
    message: `port ${port} of 127.0.0.1 is taken; set TEST_GRPC_ADDR to a free one`,
  })
})

t.test('a taken usual port is replaced by a free one', async (t) => {
  const port = await takenPort(t)
  const { address, client } = await testEdge(t, InventoryService, { address: { port, isGiven: false } })
  t.match(address, /^127\.0\.0\.1:\d+$/)
  t.not(address, `127.0.0.1:${port}`)
  t.equal((await client('GetProduct', { id: 'x' })).code, status.OK)
})

t.test('with a certificate it is answered by TLS only', async (t) => {
  const dir = t.testdir({ cert: certificate, key: privateKey })
  const tls = { cert: path.join(dir, 'cert'), key: path.join(dir, 'key') }
  const { address } = await testEdge(t, InventoryService, { tls })
  const place = address.replace('127.0.0.1', 'localhost')
  const safe = clientOf(t, place, InventoryService.typeName, credentials.createSsl(Buffer.from(certificate)))
  t.equal((await safe('GetProduct', { id: 'x' })).code, status.OK)
  const plain = clientOf(t, address, InventoryService.typeName)
  t.equal((await plain('GetProduct', { id: 'x' }, { deadlineMs: 2_000 })).code === status.OK, false)
  await t.rejects(testEdge(t, InventoryService, { tls: { ...tls, key: path.join(dir, 'none') } }), {
    name: 'ListenError',
    message: /^GRPC_TLS_KEY must be a file that can be read/,
  })
})

t.test('health follows the readiness of the service, and says so to whoever watches', async (t) => {
  let isReady = true
  const checkReadiness = async () => ({ checks: [{ name: 'database', ready: isReady, detail: '' }] })
  const health = { checkReadiness, readGauges: async () => ({ gauges: [] }) }
  const { address, scope } = await testEdge(t, InventoryService, { health })
  const client = healthClient(t, address)
  const check = (service: string) =>
    new Promise((resolve) => {
      client.Check({ service }, (err, answer) => resolve(err ? err.code : answer?.status))
    })
  t.equal(await check(''), 'SERVING')
  t.equal(await check(InventoryService.typeName), 'SERVING')
  t.equal(await check('nobody.v1.NoService'), status.NOT_FOUND)
  const seen: string[] = []
  client
    .Watch({ service: '' })
    .on('data', (told: { status: string }) => void seen.push(told.status))
    .on('error', () => {})
  isReady = false
  await eventually('it is not ready', async () => (await check('')) === 'NOT_SERVING')
  isReady = true
  await eventually('it is ready again', async () => (await check('')) === 'SERVING')
  await scope.close()
  t.same(seen, ['SERVING', 'NOT_SERVING', 'SERVING', 'NOT_SERVING'])
})

t.test(
  'a client that knows nothing learns the contract by reflection, as far as it is for outside',
  async (t) => {
    const { address, users, asked } = await testEdge(t, OrderService)
    const services = (await reflect(t, address, { listServices: '' })).listServicesResponse?.service ?? []
    t.same(
      services.map(({ name }) => name),
      [OrderService.typeName],
    )
    const question = { fileContainingSymbol: OrderService.typeName }
    const bytes = (await reflect(t, address, question)).fileDescriptorResponse?.fileDescriptorProto ?? []
    const files = bytes.map((each) =>
      toJson(FileDescriptorProtoSchema, fromBinary(FileDescriptorProtoSchema, each)),
    )
    const definition = loadFileDescriptorSetFromObject({ file: files }, { longs: String, defaults: true })
    const methods = Object.keys(definition[OrderService.typeName] as object)
    t.same(
      methods.sort(),
      outsideMethods(OrderService)
        .map(({ desc }) => desc.name)
        .sort(),
    )
    const client = clientFrom(t, definition, address, OrderService.typeName)
    const token = users.token('customer')
    const { code } = await client('PlaceOrder', { items: [{ product_id: 'p', quantity: 2 }] }, { token })
    t.equal(code, status.OK)
    t.match(asked[0], { method: 'placeOrder', request: { items: [{ productId: 'p', quantity: 2 }] } })
  },
)

type Reflected = {
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] }
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] }
}

type ReflectionClient = {
  readonly ServerReflectionInfo: () => NodeJS.ReadWriteStream & { write: (asked: object) => void }
}

async function reflect(t: Test, address: string, question: object): Promise<Reflected> {
  const file = 'node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto'
  // The methods that the definition declares.
  const client = clientAt(
    t,
    file,
    'grpc.reflection.v1.ServerReflection',
    address,
  ) as unknown as ReflectionClient
  const stream = client.ServerReflectionInfo()
  stream.write(question)
  const [answer] = (await once(stream, 'data')) as [Reflected]
  stream.end()
  return answer
}

type HealthClient = {
  readonly Check: (
    asked: object,
    done: (err: ServiceError | null, answer?: { readonly status: string }) => void,
  ) => void
  readonly Watch: (asked: object) => NodeJS.EventEmitter
}

const healthClient = (t: Test, address: string): HealthClient =>
  clientAt(t, protoPath, 'grpc.health.v1.Health', address) as unknown as HealthClient // as above

function clientAt(t: Test, file: string, service: string, address: string): Client {
  const definition = loadSync(file, { enums: String, longs: String, defaults: false })
  const found = service
    .split('.')
    .reduce<unknown>(
      (place, name) => (place as Record<string, unknown>)[name],
      loadPackageDefinition(definition),
    )
  const Service = found as new (address: string, channel: unknown) => Client
  const client = new Service(address, credentials.createInsecure())
  t.teardown(() => client.close())
  return client
}
