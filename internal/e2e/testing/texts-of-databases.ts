/** Every column that can hold a text, as schema.table and column; partitions are their table. */
export const textColumnsSql = `
  select n.nspname || '.' || c.relname as relation, a.attname as name, format_type(a.atttypid, null) as type
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
  join pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^(pg_|information_schema$|public$)'
  where a.attnum > 0 and not a.attisdropped
    and format_type(a.atttypid, null) in ('text', 'text[]', 'json', 'jsonb', 'character varying', 'bytea')
  order by 1, 2`

type Texts = {
  /** Tell of a person while they have an account, and are scanned after an erasure. */
  readonly people?: string
  /** Words of our own, of the shop's goods or of a provider; they are scanned as well, because nothing of a person belongs there. */
  readonly ours?: string
}

const idempotencyKeys: Texts = { ours: 'fingerprint key thing' } // digests

/** All of them: a new column has to be put in one of the two. */
export const texts: Readonly<Record<string, Texts>> = {
  'analytics.counts': { ours: 'currency kind' },
  'analytics.facts': { ours: 'currency kind' },
  'carts.carts': { people: 'delivery lines promotion_codes', ours: 'status' },
  'carts.idempotency_keys': idempotencyKeys,
  'consumer.dead_letters': {
    // An event and its headers, and events tell of no person.
    ours: 'code data error event_id headers message_key resolution status stream subject subscription',
  },
  'consumer.idempotency_keys': idempotencyKeys,
  'inventory.categories': { ours: 'attributes name path path_key' },
  'inventory.families': { ours: 'name options' },
  'inventory.idempotency_keys': idempotencyKeys,
  'inventory.product_search': { ours: 'folded sku_key' },
  'inventory.product_images': { ours: 'alt state' },
  'inventory.products': {
    ours: 'attributes category currency description images name options options_key sku',
  },
  'inventory.replacements': { ours: 'shortages' },
  'inventory.reservations': { ours: 'shortages status' },
  'inventory.stock_movements': { ours: 'idempotency_key kind reason' }, // what staff say of goods
  'notifications.deliveries': {
    ...{ people: 'failure', ours: 'channel correlation_id kind recipient_type refs status traceparent' },
  },
  'notifications.idempotency_keys': idempotencyKeys,
  'notifications.preferences': { people: 'language muted' },
  'notifications.secrets': { ours: 'name secret' },
  'notifications.endpoints': { ours: 'events pause_reason signing_secrets url' },
  'notifications.stream_positions': { ours: 'incarnation mark stream' },
  // Events, which name nobody, and what became of sending them.
  'notifications.webhook_deliveries': { ours: 'aggregate_id data failure status type' },
  'orders.idempotency_keys': idempotencyKeys,
  'orders.order_lines': { ours: 'name sku' },
  'orders.orders': {
    people: 'buyer first_payment history terms', // the reasons that were given, and what is engraved
    // A key of the customer's program stays with the order.
    ours: `closing currency flags fulfilment_status idempotency_key payment_status request_digest return_status reviving status`,
  },
  'orders.return_lines': { people: 'reason' },
  'orders.returns': { ours: 'history money status' },
  'orders.shipments': { ours: 'carrier history resending status tracking_number tracking_url' },
  'payments.comparisons': { ours: 'cursor provider' },
  'payments.entries': { ours: 'currency key kind provider ref' },
  'payments.gates': { ours: 'capture currency lines reason status' },
  'payments.idempotency_keys': idempotencyKeys,
  'payments.inbox': { ours: 'captured_currency error event_id provider resource status what' },
  'payments.operations': { ours: 'error kind status' },
  'payments.payments': {
    people: 'client return_url',
    ours: 'action_url capture currency failure method provider ref status token',
  },
  'payments.receipt_series': { ours: 'series' },
  'payments.receipts': { people: 'buyer', ours: 'body cause currency kind series' },
  'payments.refunds': { ours: 'cause lines reason reference refs status' },
  'payments.suspense': { ours: 'currency note provider ref' },
  'pricing.idempotency_keys': idempotencyKeys,
  'pricing.promotions': { ours: 'categories code code_key currency description kind products' },
  'pricing.redemption_holds': { ours: 'refused status' },
  'pricing.redemptions': { people: 'customer_key' },
  'pricing.shipping_methods': { ours: 'countries currency estimate name' },
  'pricing.tax_rates': { ours: 'category category_key country region region_key' },
  'producer.activity': {
    ...{ people: 'address', ours: 'actor_kind after before correlation_id reason subject_id what' },
  },
  'producer.broker_streams': { ours: 'created last_message_id name' },
  'producer.outbox': { ours: 'aggregate_type causation_id correlation_id data subject traceparent type' },
  'producer.unpublished': { ours: 'family last_error' },
  'search.categories': { ours: 'path path_key' },
  'search.products': {
    ours: 'attribute_keys attributes category category_key currency folded name_key name_words sku_key',
  },
  'search.texts': { ours: 'folded' },
  'search.words': { ours: 'variants word' },
  'users.accounts': {
    people: 'address email name password_hash phone second_factor username',
    ours: 'permissions role',
  },
  'users.addresses': { people: 'address' },
  'users.api_keys': { ours: 'key_hash name scopes' },
  'users.erasures': { ours: 'context' },
  'users.idempotency_keys': idempotencyKeys,
  'users.identities': { people: 'issuer provider subject' },
  'users.login_codes': { ours: 'digest' },
  'users.mail_requests': { ours: 'kind' },
  'users.sessions': { people: 'address client', ours: 'end_reason' },
}

/** What stays with the person after an erasure, with the reason. */
export const closed: Readonly<Record<string, string>> = {
  'payments.receipts.buyer':
    'the law wants receipts with their buyer; only staff with the permission see them',
  'producer.activity.address': 'from where staff did something; nobody can change the log',
}
