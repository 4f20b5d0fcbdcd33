import { filePart, formOf, formType } from '../../../gateway/images/testing/form.ts'
import { newId } from '../../../platform/new-id.ts'
import { uploadImage } from '../images.ts'
import type { Entries, Things } from './things.ts'

export const productEntries = ({ product, newProduct, newName, shop }: Things): Entries => ({
  'GET /products': { is: [200, 200, 200, 200] },
  'GET /products/{id}': { id: () => product.id, is: [200, 200, 200, 200] },
  'POST /products': { body: newProduct, is: [401, 403, 403, 201] },
  'PATCH /products/{id}': {
    id: () => product.id,
    body: () => ({ name: newName() }),
    is: [401, 403, 403, 200],
  },
  'DELETE /products/{id}': { id: async () => (await shop.newProduct(1)).id, is: [401, 403, 403, 204] },
})

export const treeEntries = ({ familyBody, newFamily, newCategory }: Things): Entries => ({
  'GET /families': { is: [200, 200, 200, 200] },
  'GET /families/{id}': { id: () => newFamily(), is: [200, 200, 200, 200] },
  'POST /families': { body: () => familyBody, is: [401, 403, 403, 201] },
  'PATCH /families/{id}': {
    id: () => newFamily(),
    body: () => ({ name: `Family ${newId()}` }),
    is: [401, 403, 403, 200],
  },
  'DELETE /families/{id}': { id: () => newFamily(), is: [401, 403, 403, 204] },
  'GET /categories': { is: [200, 200, 200, 200] },
  'GET /categories/{id}': { id: () => newCategory(), is: [200, 200, 200, 200] },
  'POST /categories': { body: () => ({ name: `Category ${newId()}` }), is: [401, 403, 403, 201] },
  'PATCH /categories/{id}': {
    id: () => newCategory(),
    body: () => ({ name: `Category ${newId()}` }),
    is: [401, 403, 403, 200],
  },
  'DELETE /categories/{id}': { id: () => newCategory(), is: [401, 403, 403, 204] },
})

export const stockEntries = ({ product, picture, unknown, api, adminToken }: Things): Entries => ({
  'POST /products/{id}/images': {
    id: () => product.id,
    file: () => ({ type: formType, bytes: formOf([filePart(picture)]) }),
    is: [401, 403, 403, 201],
  },
  'DELETE /products/{id}/images/{imageId}': {
    id: () => product.id,
    secondId: async () => (await uploadImage(api, adminToken, product.id, picture)).images[0]?.id ?? '',
    is: [401, 403, 403, 204],
  },
  'GET /admin/products/export': { is: [401, 403, 403, 200] },
  'POST /admin/products/import': {
    file: () => ({ type: 'text/csv', bytes: `sku,name,category,price\n${newId()},Imported,imports,1\n` }),
    is: [401, 403, 403, 200],
  },
  'GET /images/{id}/{preset}': { id: unknown, is: [404, 404, 404, 404] },
  'POST /products/stock': { body: () => ({ ids: [product.id] }), is: [200, 200, 200, 200] },
  'POST /products/{id}/stock': {
    id: () => product.id,
    body: () => ({ quantity: 1, reason: 'found' }),
    is: [401, 403, 403, 200],
  },
})
