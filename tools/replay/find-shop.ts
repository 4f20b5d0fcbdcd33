import { request } from 'undici'
import { troubleOf } from '../shared/shop-client.ts'
import { UsageError } from '../shared/options.ts'

/**
 * Returns the shop's currency, if it sells anything. It asks only once, so that a wrong address is reported at once.
 */
export async function findShop(url: string): Promise<string | undefined> {
  try {
    const { statusCode, body } = await request(`${url}/products?limit=1`, { headersTimeout: 10_000 })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`it answers with ${statusCode}`)
    const { data } = JSON.parse(text) as { readonly data: readonly { readonly currency: string }[] }
    return data[0]?.currency
  } catch (err) {
    throw new UsageError(
      `No shop answers at ${url}: ${troubleOf(err)}. Start one with \`npm start\`, or name it with --url.`,
    )
  }
}
