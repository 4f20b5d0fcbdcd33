import { requireUser, type Call } from '../../platform/call.ts'

type Page = { readonly carts: readonly string[]; readonly next: string | undefined }
type Deps = { readonly exportCartsOf: (userId: string, after: string | undefined) => Promise<Page> }

/** All carts that the caller has had, each as JSON. */
export const exportCarts =
  ({ exportCartsOf }: Deps) =>
  async (after: string | undefined, call: Call): Promise<Page> =>
    exportCartsOf(requireUser(call).userId, after)
