import t from 'tap'
import { may, requirePermission, seesAll, type Call } from './call.ts'
import { parsePermissions, permissions } from './permissions.ts'

const nobody: Call = { actor: undefined, correlationId: '', traceparent: '' }
const user = (
  role: 'customer' | 'staff' | 'admin',
  own?: readonly ('orders:read' | 'orders:write')[],
): Call => ({
  ...nobody,
  actor: { kind: 'user', userId: 'u', role, ...(own ? { permissions: own } : {}) },
})
const key: Call = { ...nobody, actor: { kind: 'key', keyId: 'k', permissions: ['orders:read'] } }

t.test('admins and our own processes may everything, others what they were given', (t) => {
  t.ok(permissions.every((permission) => may(user('admin'), permission)))
  t.ok(may({ ...nobody, actor: { kind: 'system' } }, 'log:read'))
  t.ok(may(user('staff', ['orders:read']), 'orders:read'))
  t.notOk(may(user('staff', ['orders:read']), 'orders:write'))
  t.notOk(may(user('staff', ['orders:write']), 'orders:read'), 'reading does not follow from writing')
  t.notOk(may(user('staff'), 'orders:read'))
  t.notOk(may(user('customer', ['orders:read']), 'orders:read'), 'a customer has none, whatever a token says')
  t.ok(may(key, 'orders:read'))
  t.notOk(may(key, 'orders:write'))
  t.ok(seesAll(key, 'orders:read'))
  t.end()
})

t.test('the refusal names what is missing, to those who could have it', (t) => {
  const missing = { code: 'auth.permission-missing', details: { permission: 'orders:write' } }
  t.throws(() => requirePermission(user('staff', ['orders:read']), 'orders:write'), missing)
  t.throws(() => requirePermission(key, 'orders:write'), missing)
  t.throws(() => requirePermission(user('customer'), 'orders:write'), { code: 'auth.forbidden' })
  t.throws(() => requirePermission(nobody, 'orders:write'), { code: 'auth.required' })
  t.end()
})

t.test('permissions are those of the list, each once and in its order', (t) => {
  t.same(parsePermissions(['stock:write', 'products:read', 'stock:write']), ['products:read', 'stock:write'])
  t.throws(() => parsePermissions(['products:*']), { code: 'permission.unknown' })
  t.throws(() => parsePermissions(['toString']), { code: 'permission.unknown' })
  t.end()
})
