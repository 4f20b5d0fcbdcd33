// What the gateway hears as it is published. Its definition names these subjects to the broker.

/** They change what the catalogue shows. stock.rejected is missing because it changes no stock. */
export const catalogueSubjects = [
  'product.*',
  'stock.adjusted',
  'stock.reserved',
  'stock.released',
  'stock.returned',
] as const

/** They end the waiting for a decision. */
export const decisionSubjects = ['order.confirmed', 'order.rejected', 'order.canceled'] as const
