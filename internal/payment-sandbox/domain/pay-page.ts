import type { HttpAnswer, HttpRequest } from './http.ts'
import { route } from './http.ts'
import { Denied, type Change, type Payment } from './payment.ts'
import * as steps from './payment-steps.ts'
import type { Tx } from './tx.ts'

type Handler = (tx: Tx, ref: string) => HttpAnswer

const routes: Readonly<Record<string, Handler>> = {
  'GET /pay/:ref': (tx, ref) => page(200, body(paymentOf(tx, ref))),
  'POST /pay/:ref/approve': (tx, ref) => {
    const payment = paymentOf(tx, ref)
    const isLate = payment.status !== 'action_required' && tx.random() < tx.world.faults.lateCapture
    return back(tx, payment, () => steps.approve(payment, tx, isLate))
  },
  'POST /pay/:ref/decline': (tx, ref) => {
    const payment = paymentOf(tx, ref)
    return back(tx, payment, () => steps.decline(payment))
  },
}

/** The page to which a provider, a bank or a wallet sends the customer. Throws Denied. */
export function payPage(tx: Tx, { method, path }: HttpRequest): HttpAnswer {
  const known = route(routes, method, path)
  if (!known) throw new Denied(404, 'not-found', 'there is no such page')
  return known.handler(tx, known.part)
}

/** Whatever becomes of it, the customer is sent back to the shop: a second click does nothing. */
function back(tx: Tx, payment: Payment, step: () => Change): HttpAnswer {
  try {
    tx.save(step())
  } catch (err) {
    if (!(err instanceof Denied)) throw err
  }
  if (payment.returnUrl === '') return page(200, '<p>You may close this page.</p>')
  return { status: 303, headers: { location: payment.returnUrl, 'cache-control': 'no-store' }, body: '' }
}

function body({ ref, amount, currency, description, method, status }: Payment): string {
  const buttons = ['approve', 'decline'].map(
    (what) => `<form method="post" action="/pay/${escaped(ref)}/${what}"><button>${what}</button></form>`,
  )
  return `<h1>Payment sandbox</h1>
<p>No money moves here.</p>
<dl>
<dt>Payment</dt><dd>${escaped(ref)} by ${escaped(method)}</dd>
<dt>For</dt><dd>${escaped(description)}</dd>
<dt>Amount</dt><dd>${amount} of the smallest unit of ${escaped(currency)}</dd>
<dt>Status</dt><dd>${escaped(status)}</dd>
</dl>
${status === 'action_required' ? buttons.join('\n') : '<p>Nothing is left to do here.</p>'}`
}

function page(status: number, content: string): HttpAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      // No form-action: browsers would apply it to the redirect to the shop as well.
      'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Payment sandbox</title></head>
<body>
${content}
</body>
</html>
`,
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

function paymentOf(tx: Tx, ref: string): Payment {
  const payment = tx.world.payments.get(ref)
  if (payment) return payment
  throw new Denied(404, 'not-found', 'there is no such payment')
}
