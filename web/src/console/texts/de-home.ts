import type { enHome } from './en-home.ts'

export const deHome: typeof enHome = {
  home: {
    needs: 'Was einen Menschen braucht',
    names: {
      deadLetters: 'unzustellbare Nachrichten',
      providerMessages: 'Nachrichten von Zahlungsanbietern, die nicht bearbeitet werden konnten',
      suspense: 'Zahlungen ohne Bestellung',
      refunds: 'Erstattungen, die auf Personal warten',
      webhooks: 'angehaltene Webhooks',
      messages: 'nicht verschickte Nachrichten',
      returns: 'Bestellungen mit offener Rücksendung',
      holds: 'Reservierungen, die in einer Stunde enden',
      toShip: 'bezahlte Bestellungen zu verschicken',
    },
    lowStock: (most) => `Wenig Bestand: höchstens ${most} Stück`,
    enough: 'Alles ist gut vorrätig.',
    product: 'Produkt',
    category: 'Kategorie',
    left: 'Übrig',
    metrics: {
      revenue: 'Umsatz, 30 Tage',
      orders: 'Bestellungen, 30 Tage',
      conversion: 'Konversion, 30 Tage',
    },
    best: 'Meistverkauft, 30 Tage',
    noSales: 'In diesen 30 Tagen wurde nichts verkauft.',
    plot: (title, total) => `${title}: insgesamt ${total}`,
    asTable: 'Tag für Tag',
    day: 'Tag',
  },
}
