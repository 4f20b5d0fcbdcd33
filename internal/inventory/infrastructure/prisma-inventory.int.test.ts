import t from 'tap'
import { testDatabase } from '../../platform/testing/database.ts'
import { openPrismaStores } from '../testing/open-prisma-stores.ts'
import { batchesContract } from '../testing/batches-contract.ts'
import { categoriesContract } from '../testing/categories-contract.ts'
import { familiesContract } from '../testing/families-contract.ts'
import { imagesContract } from '../testing/images-contract.ts'
import { productsContract } from '../testing/products-contract.ts'
import { replacementsContract } from '../testing/replacements-contract.ts'
import { reservationsContract } from '../testing/reservations-contract.ts'
import { searchContract } from '../testing/search-contract.ts'
import { stockLevelsContract } from '../testing/stock-levels-contract.ts'

const { url } = await testDatabase(t)
const stores = openPrismaStores(t, url)
const open = async () => stores

t.test('products', async (t) => productsContract(t, open))
t.test('batches', async (t) => batchesContract(t, open))
t.test('categories', async (t) => categoriesContract(t, open))
t.test('families', async (t) => familiesContract(t, open))
t.test('images', async (t) => imagesContract(t, open))
t.test('search', async (t) => searchContract(t, open))
t.test('stock levels', async (t) => stockLevelsContract(t, open))
t.test('reservations', async (t) => reservationsContract(t, open))
t.test('replacements', async (t) => replacementsContract(t, open))
