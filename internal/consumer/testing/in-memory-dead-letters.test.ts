import t from 'tap'
import { deadLettersContract } from './dead-letters-contract.ts'
import { inMemoryDeadLetters } from './in-memory-dead-letters.ts'

deadLettersContract(t, async () => inMemoryDeadLetters())
