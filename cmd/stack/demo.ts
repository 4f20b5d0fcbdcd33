import { InventoryService } from '../../internal/gen/inventory/v1/inventory_pb.ts'
import { PricingService } from '../../internal/gen/pricing/v1/pricing_pb.ts'
import { UserService } from '../../internal/gen/user/v1/user_pb.ts'
import { systemCall, type Call } from '../../internal/platform/call.ts'
import { toDecimal } from '../../internal/platform/money.ts'
import { newId } from '../../internal/platform/new-id.ts'
import { Refusal } from '../../internal/platform/refusal.ts'
import type { Handlers } from '../../internal/platform/service.ts'
import { defaultCustomer } from '../../internal/user/domain/known-accounts.ts'
import type { OpenServices } from '../open-services.ts'
import { demoProducts, demoShirt } from './demo-goods.ts'

/** To every country, in minor units like the products' prices. */
const demoShipping = [
  { name: 'Standard', priceMinor: 490n, freeFromMinor: 5_000n, estimate: '3–5 days' },
  { name: 'Express', priceMinor: 1_290n, freeFromMinor: undefined, estimate: '1–2 days' },
] as const

export type Demo = {
  /** A product that can be ordered; empty when there is none. */
  readonly productId: string
  /** Undefined when nobody can log in as the default customer. */
  readonly customer: typeof defaultCustomer | undefined
}

/**
 * What is wanted of it: products and shipping methods, if the shop has none, and the default customer, whose password
 * everybody knows.
 */
export type Wanted = {
  readonly products: boolean
  readonly customer: boolean
  /** The shop's, as its ISO 4217 code. */
  readonly currency: string
}

export async function seedDemo(open: OpenServices, wanted: Wanted): Promise<Demo> {
  const call = systemCall(newId())
  const inventory = open.handlersOf('inventory', InventoryService)
  if (
    wanted.products &&
    (await inventory.listProducts({ sort: 'newest', limit: 1 }, call)).products.length === 0
  ) {
    for (const { picture, ...product } of demoProducts)
      await inventory.createProduct({ ...product, images: [pictureAt(picture)] }, call)
    await seedShirts(inventory, call)
  }
  if (wanted.products) await seedShipping(open, wanted.currency, call)
  const { products } = await inventory.listProducts({ sort: 'price', limit: 1, inStock: true }, call)
  return {
    productId: products[0]?.id ?? '',
    customer: wanted.customer ? await openCustomer(open, call) : undefined,
  }
}

const pictureAt = (name: string): string => `/shop/demo/${name}.svg`

async function seedShirts(inventory: Handlers<typeof InventoryService>, call: Call): Promise<void> {
  const { name, colours, sizes, ...common } = demoShirt
  const { family } = await inventory.createFamily({ name, options: ['colour', 'size'] }, call)
  for (const [index, colour] of colours.entries())
    for (const size of sizes)
      await inventory.createProduct(
        {
          ...common,
          ...{ sku: `SHR-0${index + 1}-${size}`, name: `${name}, ${colour}, ${size}`, stock: 40 },
          ...{ familyId: family.id, options: { colour, size }, images: [pictureAt(`shirt-${colour}`)] },
        },
        call,
      )
}

async function seedShipping({ handlersOf }: OpenServices, currency: string, call: Call): Promise<void> {
  const pricing = handlersOf('pricing', PricingService)
  const { shippingMethods } = await pricing.listShippingMethods({ limit: 1 }, call)
  if (shippingMethods.length > 0) return
  const decimal = (minor: bigint): string => String(toDecimal(minor, currency))
  for (const { name, estimate, priceMinor, freeFromMinor } of demoShipping) {
    const freeFrom = freeFromMinor === undefined ? {} : { freeFrom: decimal(freeFromMinor) }
    await pricing.createShippingMethod(
      { name, estimate, countries: [], price: decimal(priceMinor), ...freeFrom },
      call,
    )
  }
}

/** The account may exist from an earlier start, and may have been locked since. */
async function openCustomer({ handlersOf }: OpenServices, call: Call): Promise<Demo['customer']> {
  const users = handlersOf('user', UserService)
  const nobody = { name: '', phone: '', address: '' }
  const { email: login, password } = defaultCustomer
  try {
    await users.registerUser({ ...nobody, ...defaultCustomer, username: 'customer' }, call)
    return defaultCustomer
  } catch (err) {
    if (!(err instanceof Refusal && err.kind === 'conflict')) throw err
  }
  try {
    const { user, session } = await users.logIn(
      { login, password, code: '', client: 'npm start', address: '' },
      call,
    )
    const actor = { kind: 'user', userId: user.id, role: 'customer' } as const
    await users.endSession({ id: session.id }, { ...call, actor })
    return defaultCustomer
  } catch (err) {
    if (err instanceof Refusal && err.kind === 'unauthenticated') return undefined
    throw err
  }
}
