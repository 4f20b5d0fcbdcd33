// The one entry of the package.
export { each, type Page } from './each.js'
export type * from './gen/types.gen.js'
export type { Operations } from './gen/sdk.gen.js'
export { openShop, type ShopOptions } from './open-shop.js'
export type { Patience } from './patience.js'
export type { ProblemCode } from './codes.gen.js'
export { isProblem, ShopError } from './problem.js'
export type { Tokens } from './session.js'
