import t from 'tap'
import { cartsContract } from './carts-contract.ts'
import { inMemoryCarts } from './in-memory-carts.ts'

cartsContract(t, async () => {
  const carts = inMemoryCarts()
  return {
    carts,
    told: async () =>
      carts.events.map(({ type, cart }) => ({ type, cartId: cart.id, version: cart.version })),
  }
})
