import t from 'tap'
import { manyGuesses, requiredFactorSuite, secondFactorSuite } from './testing/second-factor-suite.ts'
import { admin, openOneProcess } from './testing/shop.ts'

t.setTimeout(120_000)
const { api } = await openOneProcess(t, { ...manyGuesses, STAFF_SECOND_FACTOR: 'required' })
secondFactorSuite(t, [api])
requiredFactorSuite(t, api, admin)
