import type { History } from './history.ts'
import type { ShopHttp } from './shop-http.ts'
import type { Shelves } from './shoppers.ts'

const plentyCount = 20
const scarceCount = 5
const manyUnits = 1_000_000
const fewUnits = 30
export const flashUnits = 200

/** Puts the products on sale through the REST API, like everything that the verdict counts. */
export async function fillShelves(http: ShopHttp, history: History, token: string): Promise<Shelves> {
  let count = 0
  const add = async (stock: number): Promise<string> => {
    const number = ++count
    const body = {
      name: `Product ${number}`,
      category: 'chaos',
      price: 5 + number / 4,
      stock,
      sku: `C-${number}`,
    }
    const reply = await http.send({ method: 'POST', path: '/products', token, body })
    if (reply.status !== 201) throw new Error(`a product was answered ${reply.status} ${reply.code}`)
    const { id } = reply.body as { readonly id: string } // the answer of our own API
    history.write({ t: 'product', id, stock })
    return id
  }
  const addAll = async (many: number, stock: number): Promise<readonly string[]> => {
    const ids: string[] = []
    for (let left = many; left > 0; left--) ids.push(await add(stock))
    return ids
  }
  return {
    plenty: await addAll(plentyCount, manyUnits),
    scarce: await addAll(scarceCount, fewUnits),
    flash: await add(flashUnits),
  }
}
