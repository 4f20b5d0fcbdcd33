import { deOrders } from './de-orders.ts'
import type { Texts } from './en.ts'

export const de: Texts = {
  skip: 'Zum Inhalt',
  navigation: 'Konsole',
  menu: 'Menü',
  close: 'Schließen',
  notNow: 'Jetzt nicht',
  again: 'Noch einmal versuchen',
  more: 'Mehr zeigen',
  any: 'Alle',
  clearFilters: 'Filter löschen',
  nothingFits: 'Nichts passt zu diesen Filtern.',
  language: 'Sprache',
  logOut: 'Abmelden',
  colours: { light: 'Hell', dark: 'Dunkel' },
  roles: { customer: 'Kundschaft', staff: 'Personal', admin: 'Verwaltung' },
  jump: {
    label: 'Bestellung oder Produkt suchen',
    hint: 'Bestellnummer, E-Mail-Adresse oder Produkt  ( / )',
  },
  groups: {
    work: 'Arbeit',
    catalogue: 'Katalog',
    rules: 'Preise und Lieferung',
    people: 'Personen',
    running: 'Betrieb',
  },
  places: {
    home: 'Überblick',
    orders: 'Bestellungen',
    account: 'Ihr Konto',
  },
  forbidden: {
    title: 'Diese Seite dürfen Sie nicht sehen',
    text: 'Was Sie dürfen, entscheidet die Verwaltung auf der Seite des Personals.',
  },
  missing: { title: 'Diese Seite gibt es nicht', text: 'Die Adresse führt nirgendwohin.' },
  service: {
    away: 'Tillstream antwortet gerade nicht. Es wird von selbst noch einmal gefragt; was Sie getippt haben, bleibt.',
    slow: 'Das dauert länger als sonst.',
    again:
      'Nichts hat geantwortet. Drücken Sie noch einmal, wenn es wieder da ist: Es ist dieselbe Anfrage, und nichts geschieht doppelt.',
  },
  problems: {
    request: 'Anfrage',
    permission: (name) => `Dafür brauchen Sie das Recht ${name}.`,
    known: {
      'request.rate-limited': 'Zu viele Anfragen. Warten Sie eine Minute, und versuchen Sie es noch einmal.',
      'auth.bad-credentials': 'Die E-Mail-Adresse oder das Passwort ist falsch.',
      'auth.bad-second-factor': 'Dieser Code gilt nicht.',
      'auth.too-many-codes': 'Zu viele falsche Codes. Warten Sie eine Viertelstunde.',
      'refund.exceeds-balance': 'Das ist mehr, als noch erstattet werden kann.',
      'order.closing': 'Die Bestellung endet gerade. Sehen Sie gleich noch einmal nach.',
    },
  },
  signIn: {
    title: 'Tillstream-Konsole',
    login: 'E-Mail-Adresse oder Benutzername',
    password: 'Passwort',
    show: 'Passwort zeigen',
    code: 'Code des zweiten Faktors',
    codeHint: 'Sechs Ziffern Ihrer App oder ein Wiederherstellungscode.',
    submit: 'Anmelden',
    customer: 'Dieses Konto gehört einer Kundin oder einem Kunden. Die Konsole ist für das Personal.',
    other: 'Mit einem anderen Konto anmelden',
  },
  account: {
    lead: 'Was Ihnen allein gehört.',
    secondFactor: 'Zweiter Faktor',
    none: 'Ihr Passwort allein öffnet die Konsole. Mit einem zweiten Faktor braucht es auch einen Code Ihres Telefons.',
    required:
      'Dieser Laden verlangt vom Personal einen zweiten Faktor. Richten Sie ihn ein, um weiterzugehen.',
    begin: 'Einrichten',
    secret:
      'Tragen Sie dieses Geheimnis in eine Authenticator-App ein, oder öffnen Sie den Link auf dem Telefon:',
    openApp: 'In einer App öffnen',
    code: 'Der Code, den die App zeigt',
    confirm: 'Bestätigen',
    recovery:
      'Wiederherstellungscodes. Jeder öffnet Ihr Konto einmal, wenn das Telefon verloren ist. Sie werden nicht noch einmal gezeigt.',
    on: 'Der zweite Faktor ist eingerichtet.',
    remove: 'Entfernen',
    removeEffect: 'Ihr Passwort allein öffnet danach Ihr Konto.',
    sessions: 'Wo Sie angemeldet sind',
    end: 'Beenden',
    endEffect: 'Wer sie benutzt, muss sich neu anmelden.',
    this: 'diese hier',
    everywhere: 'Überall abmelden',
    everywhereEffect: 'Alle Ihre Sitzungen enden, auch diese.',
  },
  ...deOrders,
}
