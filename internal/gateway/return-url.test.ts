import t from 'tap'
import { checkReturnUrl } from './return-url.ts'

const refused = { kind: 'invalid', code: 'request.return-not-allowed' }

t.test(
  'without a setting customers come back to the shop itself, or stay on the machine that has it',
  (t) => {
    const shop = 'https://shop.example'
    t.equal(checkReturnUrl(`${shop}/thanks?order=1`, shop, []), `${shop}/thanks?order=1`)
    t.equal(checkReturnUrl('http://localhost:3000/', 'http://127.0.0.1:8080', []), 'http://localhost:3000/')
    t.equal(checkReturnUrl('http://[::1]:3000/', 'http://localhost:8080', []), 'http://[::1]:3000/')
    for (const url of [
      ...[
        'https://evil.example/',
        'https://shop.example.evil.example/',
        'https://shop.example@evil.example/',
      ],
      ...['http://shop.example/', 'https://shop.example:444/', 'http://localhost:3000/', '/thanks', '', 'x'],
      ...['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'blob:https://shop.example/1'],
    ])
      t.throws(() => checkReturnUrl(url, shop, []), refused, url)
    t.throws(() => checkReturnUrl('https://shop.example/', 'http://127.0.0.1:8080', []), refused)
    t.end()
  },
)

t.test('the setting says where else, and then only there', (t) => {
  const allowed = ['https://shop.example']
  t.equal(checkReturnUrl('https://shop.example/a', 'https://api.example', allowed), 'https://shop.example/a')
  t.throws(() => checkReturnUrl('https://api.example/a', 'https://api.example', allowed), refused)
  t.throws(() => checkReturnUrl('http://localhost/', 'http://localhost', allowed), refused)
  t.end()
})
