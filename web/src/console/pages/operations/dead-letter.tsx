import { useQuery } from '@tanstack/react-query'
import type { DeadLetter } from 'tillstream-sdk'
import { number } from '../../../shared/formats.ts'
import { Fault, Loading } from '../../parts/notices.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { DeadLetterActions } from './dead-letter-actions.tsx'

export function DeadLetterPage({ id }: { readonly id: string }) {
  const { data, isError, error, refetch } = useQuery({
    queryKey: ['dead-letter', id],
    queryFn: async ({ signal }) => (await api().getDeadLetter({ path: { id }, signal })).data,
  })
  if (data) return <Shown letter={data} />
  return isError ? <Fault err={error} onAgain={() => void refetch()} /> : <Loading />
}

function Shown({ letter }: { readonly letter: DeadLetter }) {
  const { deadLetters: texts, places } = useTexts()
  const { may } = useStaff()
  const isOpen = letter.status === 'open'
  return (
    <Page
      title={letter.subject}
      up={{ to: '/dead-letters', label: places.deadLetters }}
      lead={<Status of={letter.status} label={texts.states[letter.status] ?? letter.status} />}
      actions={isOpen && may('operations:write') ? <DeadLetterActions ids={[letter.id]} /> : undefined}
    >
      <div className="columns">
        <div className="panels">
          <Panel title={texts.error}>
            <p>
              <code>{letter.code}</code>
            </p>
            <pre tabIndex={0}>{letter.error}</pre>
          </Panel>
          <Panel title={texts.data}>
            <pre tabIndex={0}>{pretty(letter.data)}</pre>
          </Panel>
        </div>
        <Panel title={texts.message}>
          <dl className="facts">
            <dt>{texts.at}</dt>
            <dd>
              <Time at={letter.deadAt} isExact />
            </dd>
            <dt>{texts.subscription}</dt>
            <dd>{letter.subscription}</dd>
            <dt>{texts.stream}</dt>
            <dd>
              {letter.stream} {number(letter.streamSequence)}
            </dd>
            <dt>{texts.deliveries}</dt>
            <dd>{number(letter.deliveries)}</dd>
            <dt>{texts.requeues}</dt>
            <dd>{number(letter.requeues)}</dd>
            {letter.headers.map(({ name, value }) => (
              <div key={name} className="row wide">
                <dt>{name}</dt>
                <dd>
                  <code>{value}</code>
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
      </div>
    </Page>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text // it may be dead because it is no JSON
  }
}
