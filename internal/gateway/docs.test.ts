import t from 'tap'
import { testGateway } from './testing/test-gateway.ts'

type Operation = {
  readonly operationId?: string
  readonly summary?: string
  readonly security?: readonly object[]
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[]
  readonly requestBody?: object
  readonly responses?: Readonly<Record<string, object>>
}
type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: object; readonly securitySchemes: object }
}

const { send } = await testGateway(t)
const document = (await send('GET /openapi.json')).json<Document>()
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

t.test('every route of the API is described', async (t) => {
  t.equal(document.openapi, '3.1.0')
  const described = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort()
  t.strictSame(described, [
    'DELETE /admin/api-keys/{id}',
    'DELETE /admin/promotions/{id}',
    'DELETE /admin/shipping-methods/{id}',
    'DELETE /admin/tax-rates/{id}',
    'DELETE /admin/users/{id}',
    'DELETE /admin/webhooks/{id}',
    'DELETE /cart',
    'DELETE /cart/items/{lineId}',
    'DELETE /cart/promotions/{code}',
    'DELETE /categories/{id}',
    'DELETE /families/{id}',
    'DELETE /products/{id}',
    'DELETE /products/{id}/images/{imageId}',
    'DELETE /users/me',
    'DELETE /users/me/addresses/{id}',
    'DELETE /users/me/identities/{id}',
    'DELETE /users/me/second-factor',
    'DELETE /users/me/sessions/{id}',
    'GET /admin/analytics',
    'GET /admin/api-keys',
    'GET /admin/audit',
    'GET /admin/dead-letters',
    'GET /admin/dead-letters/{id}',
    'GET /admin/log',
    'GET /admin/notifications',
    'GET /admin/orders/changes',
    'GET /admin/orders/{id}/timeline',
    'GET /admin/products/export',
    'GET /admin/products/low-stock',
    'GET /admin/promotions',
    'GET /admin/promotions/{id}',
    'GET /admin/provider-messages',
    'GET /admin/refunds',
    'GET /admin/shipping-methods',
    'GET /admin/shipping-methods/{id}',
    'GET /admin/suspense',
    'GET /admin/system',
    'GET /admin/tax-rates',
    'GET /admin/tax-rates/{id}',
    'GET /admin/users',
    'GET /admin/webhooks',
    'GET /admin/webhooks/{id}',
    'GET /admin/webhooks/{id}/deliveries',
    'GET /auth/oidc/{provider}',
    'GET /auth/oidc/{provider}/callback',
    'GET /auth/providers',
    'GET /auth/validate',
    'GET /cart',
    'GET /cart/shipping-methods',
    'GET /categories',
    'GET /categories/{id}',
    'GET /families',
    'GET /families/{id}',
    'GET /graphql/schema',
    'GET /images/{id}/{preset}',
    'GET /livez',
    'GET /metrics',
    'GET /notifications',
    'GET /notifications/stream',
    'GET /notifications/unsubscribe',
    'GET /orders',
    'GET /orders/{id}',
    'GET /orders/{id}/events',
    'GET /orders/{id}/payments',
    'GET /orders/{id}/receipts',
    'GET /orders/{id}/returns',
    'GET /orders/{id}/tracking',
    'GET /payment-methods',
    'GET /payments/{id}',
    'GET /products',
    'GET /products/{id}',
    'GET /readyz',
    'GET /receipts/{id}',
    'GET /receipts/{id}.pdf',
    'GET /users/me',
    'GET /users/me/addresses',
    'GET /users/me/export',
    'GET /users/me/identities',
    'GET /users/me/notification-preferences',
    'GET /users/me/sessions',
    'GET /users/{id}',
    'PATCH /admin/promotions/{id}',
    'PATCH /admin/shipping-methods/{id}',
    'PATCH /admin/tax-rates/{id}',
    'PATCH /admin/users/{id}',
    'PATCH /admin/webhooks/{id}',
    'PATCH /cart/items/{lineId}',
    'PATCH /categories/{id}',
    'PATCH /families/{id}',
    'PATCH /orders/{id}',
    'PATCH /products/{id}',
    'PATCH /returns/{id}',
    'PATCH /shipments/{id}',
    'PATCH /users/me',
    'PATCH /users/me/addresses/{id}',
    'POST /admin/api-keys',
    'POST /admin/dead-letters/{id}/discard',
    'POST /admin/dead-letters/{id}/requeue',
    'POST /admin/notifications/{id}/retry',
    'POST /admin/products/import',
    'POST /admin/promotions',
    'POST /admin/provider-messages/{id}/requeue',
    'POST /admin/shipping-methods',
    'POST /admin/suspense/assign',
    'POST /admin/suspense/give-back',
    'POST /admin/tax-rates',
    'POST /admin/webhooks',
    'POST /admin/webhooks/{id}/deliveries/{deliveryId}/redeliver',
    'POST /admin/webhooks/{id}/replay',
    'POST /auth/email-verification',
    'POST /auth/email-verification/confirm',
    'POST /auth/logout',
    'POST /auth/logout-all',
    'POST /auth/password-reset',
    'POST /auth/password-reset/confirm',
    'POST /auth/refresh',
    'POST /auth/token',
    'POST /cart/items',
    'POST /cart/promotions',
    'POST /cart/reopen',
    'POST /categories',
    'POST /checkout',
    'POST /families',
    'POST /graphql',
    'POST /notifications/unsubscribe',
    'POST /notifications/{id}/read',
    'POST /orders',
    'POST /orders/claim',
    'POST /orders/{id}/cancel',
    'POST /orders/{id}/payments',
    'POST /orders/{id}/returns',
    'POST /orders/{id}/shipments',
    'POST /payments/{id}/capture',
    'POST /payments/{id}/refunds',
    'POST /payments/{id}/void',
    'POST /products',
    'POST /products/stock',
    'POST /products/{id}/images',
    'POST /products/{id}/stock',
    'POST /refunds/{id}/repeat',
    'POST /refunds/{id}/settle',
    'POST /shipments/{id}/resend',
    'POST /users/login',
    'POST /users/me/addresses',
    'POST /users/me/password',
    'POST /users/me/second-factor',
    'POST /users/me/second-factor/confirm',
    'POST /users/register',
    'POST /webhooks/{provider}',
    'PUT /cart/delivery',
    'PUT /users/me/notification-preferences',
  ])
})

for (const { path, method, operation } of operations) {
  t.test(`${method} ${path} says what goes in and what comes out`, async (t) => {
    t.ok(operation.operationId)
    t.ok(operation.summary)
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
    t.strictSame(
      inPath.map(({ name, required }) => `${name} ${String(required)}`),
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name ?? ''} true`),
    )
    const takesBody =
      (['post', 'patch', 'put'].includes(method) ||
        path === '/users/me/second-factor' ||
        (method === 'delete' && path === '/users/me')) &&
      !(method === 'post' && path === '/users/me/second-factor') &&
      !path.endsWith('/requeue') &&
      path !== '/orders/claim' &&
      !path.startsWith('/auth/logout') &&
      path !== '/auth/email-verification' &&
      !path.startsWith('/webhooks/') &&
      !/^\/notifications\/|\/(retry|redeliver)$/.test(path)
    t.equal(operation.requestBody !== undefined, takesBody)
    const statuses = Object.keys(operation.responses ?? {})
    t.ok(statuses.some((status) => /^[23]/.test(status)))
    const isOperational = ['/livez', '/readyz', '/metrics'].includes(path)
    t.equal(statuses.includes('4XX') && statuses.includes('5XX'), !isOperational)
  })
}

t.test('names are unique, and what is referred to is there', async (t) => {
  const names = operations.map(({ operation }) => operation.operationId)
  t.equal(new Set(names).size, names.length)
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  )
  t.ok(references.length > 0)
  for (const reference of new Set(references)) {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? ''
    t.ok(name in document.components.schemas, reference)
  }
})

t.test('what needs a token says so', async (t) => {
  t.ok('bearer' in document.components.securitySchemes)
  t.strictSame(document.paths['/orders']?.post?.security, [{ bearer: [] }])
  t.strictSame(document.paths['/products']?.get?.security, [])
  t.strictSame(document.paths['/cart']?.get?.security, [{}, { bearer: [] }, { cartToken: [] }])
})

t.test('the pages load their own scripts, also over http', async (t) => {
  for (const url of ['/docs', '/docs/']) {
    const page = await send(`GET ${url}`)
    t.equal(page.statusCode, 200)
    t.match(page.headers['content-type'], 'text/html')
    const policy = String(page.headers['content-security-policy'])
    t.match(policy, "script-src 'self'")
    t.notMatch(policy, 'upgrade-insecure-requests')
    t.match(page.headers, {
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    })
  }
})

for (const route of ['GET /products', 'GET /nowhere', 'POST /products', 'GET /livez']) {
  t.test(`the answer to ${route} can neither be framed nor taken for a page`, async (t) => {
    t.match((await send(route)).headers, {
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
    })
  })
}
