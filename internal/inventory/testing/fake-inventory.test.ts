import t from 'tap'
import type { OutboxEvent } from '../../platform/outbox.ts'
import { fakeInventory } from './fake-inventory.ts'
import type { InventoryStores } from './fixtures.ts'
import { batchesContract } from './batches-contract.ts'
import { categoriesContract } from './categories-contract.ts'
import { familiesContract } from './families-contract.ts'
import { imagesContract } from './images-contract.ts'
import { productsContract } from './products-contract.ts'
import { replacementsContract } from './replacements-contract.ts'
import { reservationsContract } from './reservations-contract.ts'
import { searchContract } from './search-contract.ts'
import { stockLevelsContract } from './stock-levels-contract.ts'

const open = async (): Promise<InventoryStores> => {
  const outbox: OutboxEvent[] = []
  const { tables, ...ports } = fakeInventory((events) => void outbox.push(...events))
  return { ...ports, events: async () => outbox, movements: async () => tables.movements }
}

t.test('products', async (t) => productsContract(t, open))
t.test('batches', async (t) => batchesContract(t, open))
t.test('categories', async (t) => categoriesContract(t, open))
t.test('families', async (t) => familiesContract(t, open))
t.test('images', async (t) => imagesContract(t, open))
t.test('search', async (t) => searchContract(t, open))
t.test('stock levels', async (t) => stockLevelsContract(t, open))
t.test('reservations', async (t) => reservationsContract(t, open))
t.test('replacements', async (t) => replacementsContract(t, open))
