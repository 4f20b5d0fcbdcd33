// What the gateway hears as it is published. Its definition names these subjects to the broker.

/** They change what the catalogue shows. stock.rejected is missing because it changes no stock. */
export const catalogueSubjects = [
  'product.*',
  'category.*',
  'family.*',
  'stock.adjusted',
  'stock.reserved',
  'stock.released',
  'stock.returned',
  'stock.replaced',
] as const

/** After them the life of an order goes on, for whoever follows it. */
export const orderLifeSubjects = ['order.*', 'shipment.*', 'return.*'] as const

/** They end the waiting for a decision. */
export const decisionSubjects = ['order.confirmed', 'order.rejected', 'order.canceled'] as const

/** What gateways tell each other of. */
export const topics = ['counts', 'endings', 'catalogue'] as const
export type Topic = (typeof topics)[number]

/** On these gateways tell each other of what they have counted and seen (together/bus.ts). */
export const gatewaySubject = (topic: Topic): string => `gateway.${topic}`
