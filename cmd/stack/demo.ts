import type { Config } from '../../internal/config/config.ts'
import { systemCall } from '../../internal/platform/call.ts'
import { newId } from '../../internal/platform/new-id.ts'
import type { OpenServices } from './open-services.ts'

export const demoCustomer = { email: 'customer@example.com', password: 'customer-password' } as const

/** Printed at the start: the local stack is no secret. */
export const demoAdminPassword = 'admin-password'

/** Prices in minor units of a currency with two decimals. */
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

export type Demo = { readonly productId: string; readonly productName: string }

/** The two accounts, and a catalogue for a shop that has none. Answers with a product that can be ordered. */
export async function seedDemo({ users, inventory }: OpenServices, config: Config): Promise<Demo> {
  await users.ensureAccount({ email: config.adminEmail, password: config.adminPassword, role: 'admin' })
  await users.ensureAccount({ ...demoCustomer, role: 'customer' })
  const call = systemCall(newId())
  const page = { sort: 'newest', limit: 1, inStock: true }
  const { products: existing } = await inventory.handlers.listProducts(page, call)
  if (
    existing.length === 0 &&
    (await inventory.handlers.listProducts({ ...page, inStock: undefined }, call)).products.length === 0
  ) {
    for (const product of demoProducts) {
      await inventory.handlers.createProduct({ ...product, description: '', images: [] }, call)
    }
  }
  const { products } = await inventory.handlers.listProducts({ ...page, sort: 'price' }, call)
  const [product] = products
  return { productId: product?.id ?? '', productName: product?.name ?? '' }
}
