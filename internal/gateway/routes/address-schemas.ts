import { Type, type Static } from 'typebox'
import type { SavedAddressSchema } from '../../gen/user/v1/user_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import { Time, Uuid } from '../schemas.ts'
import { Address, addressBody } from './cart-schemas.ts'

const defaults = {
  defaultDelivery: Type.Optional(
    Type.Boolean({ description: 'Where parcels go unless the buyer says otherwise; at most one address' }),
  ),
  defaultBilling: Type.Optional(Type.Boolean({ description: 'The same for receipts' })),
}

export const NewAddressBody = Type.Object({ address: Address, ...defaults }, { additionalProperties: false })

export const AddressChangesBody = Type.Object(
  { address: Type.Optional(Address), ...defaults },
  { additionalProperties: false },
)

export const SavedAddress = Type.Object({
  ...{ id: Uuid, address: Address, defaultDelivery: Type.Boolean(), defaultBilling: Type.Boolean() },
  ...{ createdAt: Time, updatedAt: Time },
})

export const SavedAddressList = Type.Object({ data: Type.Array(SavedAddress) })

export const savedAddressBody = (saved: Wire<typeof SavedAddressSchema>): Static<typeof SavedAddress> => ({
  ...saved,
  address: addressBody(saved.address),
})
