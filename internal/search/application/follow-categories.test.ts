import t from 'tap'
import { categoryAt } from '../testing/fixtures.ts'
import type { Category } from '../domain/document.ts'
import { followCategories } from './follow-categories.ts'

t.test(
  'the tree is read when it has changed, when somebody says so, and again when that failed',
  async (t) => {
    const [lights, pots] = [categoryAt('lights'), categoryAt('pots')]
    const catalogue = { mark: '1', categories: [lights] as readonly Category[] }
    const stored: (readonly Category[])[] = []
    let isAway = false
    const follow = followCategories({
      catalogue: {
        categoriesMark: async () => catalogue.mark,
        categories: async () => catalogue.categories,
      },
      index: {
        async setCategories(categories) {
          if (isAway) throw new Error('away')
          stored.push(categories)
        },
      },
    })
    await follow()
    await follow()
    t.strictSame(stored, [[lights]])
    await follow(true)
    t.equal(stored.length, 2)
    Object.assign(catalogue, { mark: '2', categories: [lights, pots] })
    isAway = true
    await t.rejects(follow())
    isAway = false
    await follow()
    await follow()
    t.strictSame(stored.slice(2), [[lights, pots]])
  },
)
