import { Type } from 'typebox'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes } from '../limits.ts'
import { IdParams } from '../schemas.ts'
import {
  AddressChangesBody,
  NewAddressBody,
  SavedAddress,
  savedAddressBody,
  SavedAddressList,
} from './address-schemas.ts'
import { wireAddress } from './cart-schemas.ts'

export type AddressDeps = { readonly users: Handlers<typeof UserService> }

/** What people keep for the next time. A cart and a checkout take the `address` of an answer as it is. */
export const addressRoutes = (deps: AddressDeps): readonly Endpoint[] => [
  ...listAndSave(deps),
  ...changeAndRemove(deps),
]

function listAndSave({ users }: AddressDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/users/me/addresses',
      access: 'customer',
      tag: 'users',
      id: 'listOwnAddresses',
      summary: "List one's own saved addresses, the oldest first",
      status: 200,
      response: SavedAddressList,
      async handle(_input, call) {
        const { addresses } = await users.listAddresses({}, call)
        return { body: { data: addresses.map(savedAddressBody) } }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/users/me/addresses',
      access: 'customer',
      tag: 'users',
      id: 'saveAddress',
      summary: 'Save an address for the next time',
      takesIdempotencyKey: true,
      bodyBytes: bodyBytes.account,
      body: NewAddressBody,
      status: 201,
      response: SavedAddress,
      async handle({ body: { address, defaultDelivery = false, defaultBilling = false } }, call) {
        const request = { address: wireAddress(address), defaultDelivery, defaultBilling }
        const saved = await users.saveAddress(request, call)
        return { body: savedAddressBody(saved.address), isReplay: saved.replayed }
      },
    }),
  ]
}

function changeAndRemove({ users }: AddressDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'PATCH',
      path: '/users/me/addresses/:id',
      access: 'customer',
      tag: 'users',
      id: 'changeAddress',
      summary:
        'Change a saved address as a whole, or what it is the default of; absent fields stay as they are',
      params: IdParams,
      bodyBytes: bodyBytes.account,
      body: AddressChangesBody,
      status: 200,
      response: SavedAddress,
      async handle({ params, body: { address, defaultDelivery, defaultBilling } }, call) {
        const request = { ...params, address: wireAddress(address), defaultDelivery, defaultBilling }
        return { body: savedAddressBody((await users.changeAddress(request, call)).address) }
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/users/me/addresses/:id',
      access: 'customer',
      tag: 'users',
      id: 'removeAddress',
      summary: 'Delete a saved address',
      params: IdParams,
      status: 204,
      response: Type.Null(),
      async handle({ params }, call) {
        await users.removeAddress(params, call)
        return { body: null }
      },
    }),
  ]
}
