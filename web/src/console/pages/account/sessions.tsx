import { useQuery } from '@tanstack/react-query'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { Panel } from '../../parts/page.tsx'
import { Ago } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function Sessions() {
  const texts = useTexts().account
  const { data = [] } = useQuery({
    queryKey: ['sessions'],
    queryFn: async ({ signal }) => (await api().listOwnSessions({ signal })).data.data,
  })
  const end = useAct({ run: async (id: string) => api().endOwnSession({ path: { id } }) })
  const endAll = useAct({ run: async (_: object) => api().logOutEverywhere() })
  return (
    <Panel
      title={texts.sessions}
      actions={
        <ActButton
          label={texts.everywhere}
          title={texts.everywhere}
          size="xs"
          effect={texts.everywhereEffect}
          confirm={texts.everywhere}
          isDanger
          act={endAll}
          toInput={() => ({})}
        />
      }
    >
      <ul className="plain-list stack">
        {data.map(({ id, client, lastUsedAt, isCurrent }) => (
          <li key={id} className="row between">
            <span>
              {client}
              <br />
              <small className="quiet">
                <Ago at={lastUsedAt} />
                {isCurrent ? `, ${texts.this}` : null}
              </small>
            </span>
            <ActButton
              label={texts.end}
              about={client}
              title={texts.end}
              size="xs"
              effect={texts.endEffect}
              confirm={texts.end}
              act={end}
              toInput={() => id}
            />
          </li>
        ))}
      </ul>
    </Panel>
  )
}
