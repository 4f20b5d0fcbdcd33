import { readEndState } from './end-state.ts'
import type { Field } from './field.ts'
import type { Entry } from './history.ts'
import { judgeIndex } from './index-and-catalogue.ts'
import { readEndMessages } from './messages/end-messages.ts'
import { judgeMessages } from './messages/judge-messages.ts'
import { judgePeople } from './people/judge-people.ts'
import { lookAtPeople } from './people/look-at-people.ts'
import type { People } from './people/people.ts'
import type { ShopHttp } from './shop-http.ts'
import { judge, type Verdict } from './verdict.ts'

/** Reads what is stored in the end and what outsiders have, and judges it. */
export async function verdictOf(
  field: Field,
  http: ShopHttp,
  people: People,
  history: readonly Entry[],
): Promise<Verdict> {
  const { databaseUrl, provider, messages } = field
  const judged = judge(history, await readEndState(databaseUrl), await provider.charges())
  const ofPeople = judgePeople(await lookAtPeople(field, http, people))
  const verdict = { ...judged, rules: [...judged.rules, ...ofPeople, await judgeIndex(databaseUrl)] }
  if (!messages) return verdict
  const { rules, counts } = judgeMessages(await readEndMessages(databaseUrl, messages))
  return { ...verdict, rules: [...verdict.rules, ...rules], messages: counts }
}
