import { InventoryService } from '../../internal/gen/inventory/v1/inventory_pb.ts'
import { PricingService } from '../../internal/gen/pricing/v1/pricing_pb.ts'
import { UserService } from '../../internal/gen/user/v1/user_pb.ts'
import { systemCall, type Call } from '../../internal/platform/call.ts'
import { toDecimal } from '../../internal/platform/money.ts'
import { newId } from '../../internal/platform/new-id.ts'
import { Refusal } from '../../internal/platform/refusal.ts'
import { defaultCustomer } from '../../internal/user/domain/known-accounts.ts'
import type { OpenServices } from '../open-services.ts'

/** The prices are in minor units of a currency with two decimals. */
const demoProducts = [
  { sku: 'MUG-01', name: 'Stoneware mug', category: 'kitchen', priceMinor: '1250', stock: 240 },
  { sku: 'MUG-02', name: 'Espresso cup, set of two', category: 'kitchen', priceMinor: '1890', stock: 120 },
  { sku: 'KET-01', name: 'Gooseneck kettle', category: 'kitchen', priceMinor: '6900', stock: 35 },
  { sku: 'LMP-01', name: 'Desk lamp', category: 'home', priceMinor: '4500', stock: 60 },
  { sku: 'LMP-02', name: 'Paper lantern', category: 'home', priceMinor: '990', stock: 500 },
  { sku: 'BLK-01', name: 'Wool blanket', category: 'home', priceMinor: '8900', stock: 25 },
  { sku: 'NTB-01', name: 'Dotted notebook', category: 'desk', priceMinor: '1400', stock: 800 },
  { sku: 'PEN-01', name: 'Fountain pen', category: 'desk', priceMinor: '3200', stock: 90 },
  { sku: 'BAG-01', name: 'Canvas tote', category: 'bags', priceMinor: '2100', stock: 300 },
  { sku: 'LTD-01', name: 'Signed print, numbered', category: 'limited', priceMinor: '12000', stock: 3 },
] as const

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
    for (const product of demoProducts) {
      await inventory.createProduct({ ...product, description: '', images: [] }, call)
    }
  }
  if (wanted.products) await seedShipping(open, wanted.currency, call)
  const { products } = await inventory.listProducts({ sort: 'price', limit: 1, inStock: true }, call)
  return {
    productId: products[0]?.id ?? '',
    customer: wanted.customer ? await openCustomer(open, call) : undefined,
  }
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
