import t from 'tap'
import { mailSender } from './mail-sender.ts'

t.test('a sender is an address, with a name or without one', (t) => {
  t.same(mailSender('Our Shop <Shop@Example.com>'), { name: 'Our Shop', address: 'shop@example.com' })
  t.same(mailSender('"Our, Shop" <shop@example.com>'), { name: 'Our, Shop', address: 'shop@example.com' })
  t.same(mailSender('shop@localhost'), { name: '', address: 'shop@localhost' })
  for (const wrong of ['Our Shop', 'Our Shop <>', 'a@b <c@d> e', 'Our <Shop> <shop@example.com>'])
    t.equal(mailSender(wrong), undefined, wrong)
  t.end()
})
