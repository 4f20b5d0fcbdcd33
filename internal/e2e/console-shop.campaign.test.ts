import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { chromiumMissing } from './testing/browser.ts'
import { act, goTo, visitAsAdmin } from './testing/console-visits.ts'
import { newPicture } from '../gateway/images/testing/pictures.ts'
import { openShopPages } from './testing/open-shop-pages.ts'

// The console of web/ in a real Chromium: what the shop sells, and by which rules.

/** Drops a PNG on the panel of images, as a person does who drags it there from a folder. */
const drop = `(picture) => {
  const bytes = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0))
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(new File([bytes], 'shirt.png', { type: 'image/png' }))
  const target = document.querySelector('.images')
  for (const type of ['dragover', 'drop'])
    target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }))
}`

type Product = {
  readonly name: string
  readonly price: number
  readonly version: number
  readonly stock: number
}

t.test('the catalogue in the console', { skip: chromiumMissing ?? false }, async (t) => {
  const { shop, visit } = await openShopPages(t, 'console')
  const { api, adminToken: token } = shop
  const productNow = async (id: string) => (await api.request<Product>('GET', `/products/${id}`)).body
  const list = async <Entry>(path: string) =>
    (await api.request<{ data: readonly Entry[] }>('GET', path, { token })).body.data

  t.test('a product is made, edited by two at once, booked and shown', async (t) => {
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await goTo(page, 'Products')
    await act(page, 'New product', {
      fill: { Name: 'Copper kettle', Category: 'kitchen/kettles', Price: '59.9', 'Opening stock': '3' },
      confirm: 'Save',
    })
    await page.getByRole('heading', { level: 1, name: 'Copper kettle' }).waitFor()
    const id = page.url().split('/').at(-1) ?? ''
    t.same(await visitor.violations(), [])
    await act(page, 'Book stock', { fill: { Units: '7', Reason: 'delivery' }, confirm: 'Book stock' })
    await page.getByText('10 units are in stock now.').waitFor()
    t.equal((await productNow(id)).stock, 10)
    await page.getByLabel('Price', { exact: true }).fill('49.9')
    await api.request('PATCH', `/products/${id}`, { token, body: { name: 'Copper kettle, 2 l' } })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Somebody else was quicker').waitFor()
    t.same(await visitor.violations(), [])
    t.match(await productNow(id), { price: 59.9 }, 'nothing is saved over it')
    await page.getByRole('button', { name: 'Save mine over it' }).click()
    await eventually('mine is saved', async () => (await productNow(id)).price === 49.9)
    await page.getByLabel('Upload an image').setInputFiles({
      ...{ name: 'kettle.png', mimeType: 'image/png', buffer: await newPicture({ width: 400, height: 300 }) },
    })
    await page.getByText('The image is there.').waitFor()
    t.same(await visitor.violations(), [])
    await act(page, /^Remove$/, { confirm: 'Remove' })
    await goTo(page, 'Products')
    t.equal((await api.request('GET', `/products/${id}`)).status, 404)
    t.same(
      visitor.faults.filter((fault) => !fault.startsWith('412') && !fault.includes('412')),
      [],
    )
  })

  t.test('a family shows its variants as a matrix, and a picture is dropped on one', async (t) => {
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await goTo(page, 'Families')
    await act(page, 'New family', { fill: { Name: 'Shirt', Options: 'colour, size' }, confirm: 'Save' })
    await page.getByRole('link', { name: 'Shirt', exact: true }).click()
    await page.getByText('It has no variant yet.').waitFor()
    for (const [colour, size] of [
      ['blue', 'M'],
      ['blue', 'L'],
      ['red', 'M'],
    ] as const)
      await act(page, 'New variant', {
        fill: {
          ...{ colour, size, Name: `Shirt, ${colour}`, Category: 'shirts', Price: '20' },
          'Opening stock': '4',
        },
        confirm: 'Save',
      })
    const table = page.getByRole('table', { name: 'Variants' })
    await table.getByText('4 in stock').nth(2).waitFor()
    t.same(await table.getByRole('rowheader').allTextContents(), ['blue', 'red'])
    t.same(await visitor.violations(), [])
    const families = await list<{ id: string; name: string }>('/families')
    const family = families.find(({ name }) => name === 'Shirt')
    const { body } = await api.request<{ products: readonly { id: string; options: object }[] }>(
      ...(['GET', `/families/${family?.id}`] as const),
    )
    t.same(
      body.products.map(({ options }) => options),
      [
        { colour: 'blue', size: 'M' },
        { colour: 'blue', size: 'L' },
        { colour: 'red', size: 'M' },
      ],
    )
    await table.getByRole('link').first().click()
    await page.getByRole('heading', { level: 2, name: 'Images' }).waitFor()
    const picture = (await newPicture({ width: 300, height: 300 })).toString('base64')
    await page.evaluate(`(${drop})('${picture}')`)
    await page.getByText('The image is there.').waitFor()
    const id = page.url().split('/').at(-1) ?? ''
    t.equal(
      (await api.request<{ images: readonly unknown[] }>('GET', `/products/${id}`)).body.images.length,
      1,
    )
    t.same(visitor.faults, [])
  })

  t.test('a file is tried out before it is imported', async (t) => {
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await goTo(page, 'Import and export')
    const file = (text: string) => ({ name: 'p.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    const head = 'sku,name,category,price,stock\n'
    await page.getByLabel('CSV file').setInputFiles(file(`${head}KET-1,Kettle,kitchen,cheap,1\n`))
    await page.getByRole('button', { name: 'Try it out' }).click()
    await page.getByText('1 with errors').waitFor()
    t.same(await visitor.violations(), [])
    await page.getByLabel('CSV file').setInputFiles(file(`${head}KET-1,Kettle,kitchen,12.5,4\n`))
    await page.getByRole('button', { name: 'Try it out' }).click()
    await page.getByText('It would do this: 1 new').waitFor()
    t.equal((await list('/products?q=KET-1')).length, 0)
    await page.getByRole('button', { name: 'Import it' }).click()
    await page.getByText('It has done this: 1 new').waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download the CSV file' }).click()
    t.equal((await download).suggestedFilename(), 'products.csv')
    t.same(visitor.faults, [])
  })

  t.test('categories, promotions, shipping and taxes are added, changed and removed', async (t) => {
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    const rules = [
      {
        ...{ place: 'Categories', add: 'New category', path: '/categories', changed: 'Name' },
        ...{ fill: { Name: 'Garden', Attributes: 'material: string' }, row: 'Garden', to: 'Gardening' },
      },
      {
        ...{
          place: 'Promotions',
          add: 'New promotion',
          path: '/admin/promotions',
          changed: 'What customers read',
        },
        ...{ fill: { Code: 'SPRING', Value: '10' }, row: 'SPRING', to: 'Spring sale' },
      },
      {
        ...{ place: 'Shipping', add: 'New shipping method', path: '/admin/shipping-methods' },
        ...{
          fill: { Name: 'Courier', Price: '12' },
          row: 'Courier',
          changed: 'How long it takes',
          to: '1 day',
        },
      },
      {
        ...{ place: 'Taxes', add: 'New tax rate', path: '/admin/tax-rates', changed: 'Region', to: 'Tyrol' },
        ...{ fill: { Country: 'AT', 'Per cent': '20' }, row: 'Austria' },
      },
    ]
    for (const { place, add, path, fill, row, changed, to } of rules) {
      await goTo(page, place)
      const before = await list(path)
      await act(page, add, { fill, confirm: 'Save' })
      await page.getByRole('row').filter({ hasText: row }).waitFor()
      t.equal((await list(path)).length, before.length + 1, path)
      t.same(await visitor.violations(), [])
      const entry = page.getByRole('row').filter({ hasText: row })
      await act(entry, /^Edit/, { fill: { [changed]: to }, confirm: 'Save' })
      const edited = page.getByRole('row').filter({ hasText: to })
      await edited.waitFor()
      t.match(JSON.stringify(await list(path)), to)
      await act(edited, /^Remove/, { confirm: 'Remove' })
      await edited.waitFor({ state: 'detached' })
      t.equal((await list(path)).length, before.length, path)
    }
    t.same(visitor.faults, [])
  })
})
