import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Call, Role } from '../../platform/call.ts'
import type { ApiKeyId } from '../domain/api-key.ts'
import { morning, noon } from '../testing/accounts-contract.ts'
import { fakeApiKeys } from '../testing/fake-api-keys.ts'
import { createApiKey, deleteApiKey, findApiKey, listApiKeys } from './api-keys.ts'

const callOf = (role: Role): Call => ({
  actor: { kind: 'user', userId: newId(), role, permissions: ['log:read'] },
  ...{ correlationId: 'test', traceparent: '' },
})
const admin = callOf('admin')
const system: Call = { ...admin, actor: { kind: 'system' } }
const wanted = { name: ' ERP ', scopes: ['orders:read', 'stock:write'], expiresAt: undefined }

function open() {
  const clock = { at: morning }
  const { apiKeys } = fakeApiKeys()
  let made = 0
  const deps = {
    ...{ apiKeys, newKeyId: () => newId() as ApiKeyId, newSecret: () => `tsk_${++made}` },
    ...{ hashOf: (secret: string) => `hash of ${secret}`, now: () => clock.at },
  }
  return {
    ...{ clock, create: createApiKey(deps), list: listApiKeys(deps) },
    ...{ remove: deleteApiKey(deps), find: findApiKey(deps) },
  }
}

t.test('a key is shown once, and found by its digest until it is deleted', async (t) => {
  const { create, find, remove } = open()
  const call = { ...admin, once: { key: 'k', fingerprint: 'f' } }
  const { result } = await create(wanted, call)
  t.match(result, { secret: 'tsk_1', key: { name: 'ERP', scopes: ['stock:write', 'orders:read'] } })
  t.match(await create(wanted, call), { isReplay: true, result: { key: result.key, secret: undefined } })
  t.same((await find('hash of tsk_1', system))?.id, result.key.id)
  await remove(result.key.id, admin)
  t.equal(await find('hash of tsk_1', system), undefined)
  await t.rejects(remove(result.key.id, admin), { code: 'api-key.not-found' })
})

t.test('its use is noted, once a minute', async (t) => {
  const { clock, create, find, list } = open()
  await create(wanted, admin)
  const usedAt = async () => (await list(admin))[0]?.lastUsedAt
  t.equal(await usedAt(), undefined)
  for (const [ms, noted] of [
    [0, 0],
    [59_999, 0],
    [60_000, 60_000],
  ] as const) {
    clock.at = new Date(morning.getTime() + ms)
    await find('hash of tsk_1', system)
    t.same(await usedAt(), new Date(morning.getTime() + noted))
  }
})

t.test('a key that has expired is not found', async (t) => {
  const { clock, create, find } = open()
  await create({ ...wanted, expiresAt: noon }, admin)
  t.ok(await find('hash of tsk_1', system))
  for (const late of [0, 60_000]) {
    clock.at = new Date(noon.getTime() + late)
    t.equal(await find('hash of tsk_1', system), undefined)
  }
})

t.test('what is no key is refused', async (t) => {
  const { create } = open()
  for (const [wrong, code] of [
    [{ name: ' ' }, 'api-key.invalid-name'],
    [{ scopes: [] }, 'api-key.no-scopes'],
    [{ scopes: ['orders'] }, 'permission.unknown'],
    [{ expiresAt: morning }, 'api-key.invalid-expiry'],
    [{ expiresAt: new Date(NaN) }, 'api-key.invalid-expiry'],
  ] as const)
    await t.rejects(create({ ...wanted, ...wrong }, admin), { code })
})

t.test('only admins make, see and delete keys, and only gateways ask for one', async (t) => {
  const { create, list, remove, find } = open()
  const key: Call = { ...admin, actor: { kind: 'key', keyId: newId(), permissions: ['log:read'] } }
  for (const call of [callOf('staff'), callOf('customer'), key]) {
    await t.rejects(create(wanted, call), { code: 'auth.forbidden' })
    await t.rejects(list(call), { code: 'auth.forbidden' })
    await t.rejects(remove(newId() as ApiKeyId, call), { code: 'auth.forbidden' })
  }
  await t.rejects(find('hash of tsk_1', admin), { code: 'auth.forbidden' })
})
