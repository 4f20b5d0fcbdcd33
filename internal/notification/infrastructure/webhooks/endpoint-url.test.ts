import t from 'tap'
import { isPublicAddress, parseEndpointUrl } from './endpoint-url.ts'

const refused: Readonly<Record<string, string>> = {
  'without TLS': 'http://example.com/',
  'another scheme': 'ftp://example.com/',
  'no URL': 'example.com',
  credentials: 'https://user:secret@example.com/',
  'a user': 'https://user@example.com/',
  'the port of a mail server': 'https://example.com:25/',
  'a port below 1024': 'https://example.com:1023/',
  localhost: 'https://localhost/',
  'a name under localhost': 'https://a.localhost./',
  loopback: 'https://127.0.0.1/',
  'loopback, elsewhere in its network': 'https://127.8.9.1/',
  'loopback as one number': 'https://2130706433/',
  'loopback in hex': 'https://0x7f000001/',
  'loopback in octal': 'https://0177.0.0.1/',
  'loopback, short': 'https://127.1/',
  'loopback in full-width digits': 'https://１２７.0.0.1/',
  'IPv6 loopback': 'https://[::1]/',
  'unspecified IPv6': 'https://[::]/',
  unspecified: 'https://0.0.0.0/',
  'private 10': 'https://10.1.2.3/',
  'private 172': 'https://172.16.0.1/',
  'private 192': 'https://192.168.1.1/',
  'shared by carriers': 'https://100.64.0.1/',
  'link-local': 'https://169.254.1.1/',
  'the metadata service': 'https://169.254.169.254/latest/meta-data/',
  'the metadata service as a number': 'https://2852039166/',
  'the metadata service by IPv6': 'https://[fd00:ec2::254]/',
  'unique local': 'https://[fc00::1]/',
  'IPv6 link-local': 'https://[fe80::1]/',
  'IPv6 site-local': 'https://[fec0::1]/',
  'IPv4-mapped': 'https://[::ffff:127.0.0.1]/',
  'IPv4-mapped of a public address': 'https://[::ffff:93.184.216.34]/',
  'IPv4-compatible': 'https://[::127.0.0.1]/',
  NAT64: 'https://[64:ff9b::7f00:1]/',
  'local NAT64': 'https://[64:ff9b:1::7f00:1]/',
  '6to4': 'https://[2002:7f00:1::]/',
  Teredo: 'https://[2001:0:53aa:64c:0:0:80ff:fffe]/',
  'IPv6 for documents': 'https://[2001:db8::1]/',
  multicast: 'https://224.0.0.1/',
  broadcast: 'https://255.255.255.255/',
  'for benchmarks': 'https://198.18.0.1/',
  'IPv6 multicast': 'https://[ff02::1]/',
  'too long': `https://example.com/${'a'.repeat(2_000)}`,
}

for (const [name, url] of Object.entries(refused)) {
  t.test(`refuses ${name}`, (t) => {
    t.throws(() => parseEndpointUrl(url, false), { kind: 'invalid', code: 'webhook.invalid-url' })
    t.end()
  })
}

t.test('takes names and public addresses', (t) => {
  for (const url of [
    'https://example.com/hook?key=1',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1::1]/',
    'https://example.com:8443/',
  ])
    t.equal(parseEndpointUrl(url, false), url)
  t.equal(parseEndpointUrl('https://EXAMPLE.com#part', false), 'https://example.com/')
  t.end()
})

t.test('a local stack may call itself, but with no user and on no port of the machine', (t) => {
  t.equal(parseEndpointUrl('http://127.0.0.1:8099/hook', true), 'http://127.0.0.1:8099/hook')
  t.throws(() => parseEndpointUrl('http://127.0.0.1:22/', true), { code: 'webhook.invalid-url' })
  t.throws(() => parseEndpointUrl('http://a:b@127.0.0.1:8099/', true), { code: 'webhook.invalid-url' })
  t.end()
})

t.test('a text that is no address is not public', (t) => {
  t.notOk(isPublicAddress('example.com'))
  t.notOk(isPublicAddress(''))
  t.end()
})
