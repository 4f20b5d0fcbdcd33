// Only processes of a test load this module, with `--import`: for them the name `changing.example` is at a public address
// and on this machine in turn, each time that it is looked up.
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'

const lookUp = dns.lookup
/** Nobody has been given the network of the first, so that nothing is sent to anybody. */
const answers = [
  { address: '2000::1', family: 6 },
  { address: '127.0.0.1', family: 4 },
]
let looked = 0

dns.lookup = (hostname, options, callback) => {
  if (hostname !== 'changing.example') return lookUp(hostname, options, callback)
  const answer = answers[looked++ % answers.length]
  if (options.all) callback(null, [answer])
  else callback(null, answer.address, answer.family)
}
syncBuiltinESMExports()
