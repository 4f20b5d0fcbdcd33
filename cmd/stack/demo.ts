import { InventoryService } from '../../internal/gen/inventory/v1/inventory_pb.ts'
import { UserService } from '../../internal/gen/user/v1/user_pb.ts'
import { systemCall } from '../../internal/platform/call.ts'
import { newId } from '../../internal/platform/new-id.ts'
import { Refusal } from '../../internal/platform/refusal.ts'
import type { OpenServices } from '../open-services.ts'

export const demoCustomer = { email: 'customer@example.com', password: 'customer-password' } as const

/** This password is printed at the start, because the local stack needs no secrets. */
export const demoAdminPassword = 'admin-password'

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

export type Demo = { readonly productId: string; readonly productName: string }

/** Registers a customer and, if the shop has no products, adds some. Returns a product that can be ordered. */
export async function seedDemo({ handlersOf }: OpenServices): Promise<Demo> {
  const call = systemCall(newId())
  const nobody = { name: '', phone: '', address: '' }
  await handlersOf('user', UserService)
    .registerUser({ ...nobody, ...demoCustomer, username: 'customer' }, call)
    .catch(unlessTaken)
  const inventory = handlersOf('inventory', InventoryService)
  const anyProduct = { sort: 'newest', limit: 1 }
  if ((await inventory.listProducts(anyProduct, call)).products.length === 0) {
    for (const product of demoProducts) {
      await inventory.createProduct({ ...product, description: '', images: [] }, call)
    }
  }
  const { products } = await inventory.listProducts({ sort: 'price', limit: 1, inStock: true }, call)
  const [product] = products
  return { productId: product?.id ?? '', productName: product?.name ?? '' }
}

/** The customer may exist from an earlier start. */
function unlessTaken(err: unknown): void {
  if (!(err instanceof Refusal && err.kind === 'conflict')) throw err
}
