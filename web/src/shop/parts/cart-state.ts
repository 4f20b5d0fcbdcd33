import { queryOptions, useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { isProblem, type Cart, type Operations } from 'tillstream-sdk'
import { api, cartHeaders, cartToken } from '../../shared/api.ts'

export const cartKey = ['cart'] as const

/** While an order has it: it is over a moment after the order is paid, and comes back when that has ended. */
const whileLockedMs = 3_000

export const cartQuery = queryOptions({
  queryKey: cartKey,
  queryFn: async ({ signal }) => {
    try {
      return (await api().getCart({ headers: cartHeaders(), signal })).data
    } catch (err) {
      if (!isProblem(err, 'cart.token-invalid')) throw err
      cartToken.set(undefined) // of a shop that was made anew
      return (await api().getCart({ signal })).data
    }
  },
  refetchInterval: ({ state }) => (state.data?.status === 'locked' ? whileLockedMs : false),
})

type Change<Input> = (
  shop: Operations,
  input: Input,
  headers: ReturnType<typeof cartHeaders>,
) => Promise<{ readonly data: Cart }>

/** Every change is answered with the whole cart, and a guest's first one with the token of it. */
export function useCartChange<Input>(change: Change<Input>): UseMutationResult<Cart, Error, Input> {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (input: Input) => (await change(api(), input, cartHeaders())).data,
    onSuccess: (cart) => {
      if (cart.token !== undefined) cartToken.set(cart.token)
      queries.setQueryData(cartKey, cart)
    },
    onError: () => void queries.invalidateQueries({ queryKey: cartKey }),
  })
}
