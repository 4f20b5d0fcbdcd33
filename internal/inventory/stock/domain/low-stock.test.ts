import t from 'tap'
import { newId } from '../../../platform/new-id.ts'
import { parseProductId } from '../../domain/ids.ts'
import { fallenBelow } from './low-stock.ts'

const id = parseProductId(newId())
const fallen = (units: number, before: number, after: number): number =>
  fallenBelow(units, new Map([[id, before]]), [[id, after]]).length

t.test('stock falls below the limit when it was at it or above before, and only then', (t) => {
  t.equal(fallen(5, 5, 4), 1)
  t.equal(fallen(5, 100, 0), 1)
  t.equal(fallen(5, 4, 3), 0, 'it was low before')
  t.equal(fallen(5, 6, 5), 0)
  t.equal(fallen(5, 3, 9), 0)
  t.equal(fallen(0, 3, 0), 0, 'there is no limit')
  t.end()
})
