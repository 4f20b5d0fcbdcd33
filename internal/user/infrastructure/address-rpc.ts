import type { SavedAddressSchema, UserService } from '../../gen/user/v1/user_pb.ts'
import { parseAddress } from '../../platform/parse-address.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Wire } from '../../platform/wire.ts'
import type {
  changeOwnAddress,
  listOwnAddresses,
  removeOwnAddress,
  saveOwnAddress,
} from '../application/address-books.ts'
import type { AddressId, SavedAddress } from '../domain/address-book.ts'

export type AddressApp = {
  readonly listOwnAddresses: ReturnType<typeof listOwnAddresses>
  readonly saveOwnAddress: ReturnType<typeof saveOwnAddress>
  readonly changeOwnAddress: ReturnType<typeof changeOwnAddress>
  readonly removeOwnAddress: ReturnType<typeof removeOwnAddress>
}

type Methods = 'listAddresses' | 'saveAddress' | 'changeAddress' | 'removeAddress'

export function addressRpc(app: AddressApp): Pick<Handlers<typeof UserService>, Methods> {
  return {
    listAddresses: async (_request, call) => ({
      addresses: (await app.listOwnAddresses(call)).map(savedJson),
    }),
    async saveAddress({ address, defaultDelivery: isDefaultDelivery, defaultBilling }, call) {
      const wanted = { address: parseAddress(address), isDefaultDelivery, isDefaultBilling: defaultBilling }
      const { result, isReplay } = await app.saveOwnAddress(wanted, call)
      return { address: savedJson(result), replayed: isReplay }
    },
    async changeAddress({ id, address, defaultDelivery: isDefaultDelivery, defaultBilling }, call) {
      const changes = {
        address: address.country === '' ? undefined : parseAddress(address),
        ...{ isDefaultDelivery, isDefaultBilling: defaultBilling },
      }
      return { address: savedJson(await app.changeOwnAddress(addressIdOf(id), changes, call)) }
    },
    async removeAddress({ id }, call) {
      await app.removeOwnAddress(addressIdOf(id), call)
      return {}
    },
  }
}

const addressIdOf = (id: string): AddressId =>
  parseUuid(id, 'address.id-invalid', "an address's id") as AddressId

const savedJson = ({ id, address, ...rest }: SavedAddress): Wire<typeof SavedAddressSchema> => ({
  ...{ id, address, defaultDelivery: rest.isDefaultDelivery, defaultBilling: rest.isDefaultBilling },
  ...{ createdAt: rest.createdAt.toISOString(), updatedAt: rest.updatedAt.toISOString() },
})
