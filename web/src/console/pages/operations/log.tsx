import type { Activity } from 'tillstream-sdk'
import type { Column } from '../../parts/entry-table.tsx'
import { useFilters } from '../../parts/filters.ts'
import { Page } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { ShortId } from '../../parts/short-id.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function LogPage() {
  const { log: texts, places, nothingFits } = useTexts()
  const { values, set, isAny } = useFilters(['what', 'actor', 'from'])
  const { from, ...rest } = values
  const query = { ...rest, ...(from === undefined ? {} : { from: new Date(`${from}T00:00`).toISOString() }) }
  return (
    <Page title={places.log} lead={texts.lead}>
      <div className="filters">
        <TextFilter
          label={texts.what}
          placeholder={texts.whatHint}
          value={values.what}
          onChoose={(what) => set({ what })}
        />
        <TextFilter label={texts.actor} value={values.actor} onChoose={(actor) => set({ actor })} />
        <TextFilter label={texts.from} type="date" value={from} onChoose={(day) => set({ from: day })} />
      </div>
      <PagedTable
        queryKey={['log', query]}
        ask={async (page, signal) =>
          (await api().listActivity({ query: { ...query, ...page }, signal })).data
        }
        caption={places.log}
        columns={useColumns()}
        keyOf={({ id }) => id}
        empty={isAny ? nothingFits : texts.none}
      />
    </Page>
  )
}

function useColumns(): readonly Column<Activity>[] {
  const texts = useTexts().log
  return [
    {
      name: 'what',
      label: texts.what,
      show: ({ what, at }) => (
        <>
          {what}
          <small>
            <Time at={at} isExact />
          </small>
        </>
      ),
    },
    {
      name: 'actor',
      label: texts.actor,
      show: ({ actor, address }) => (
        <span>
          {texts.kinds[actor.kind]} <ShortId id={actor.id} /> <small className="quiet">{address}</small>
        </span>
      ),
    },
    { name: 'subject', label: texts.subject, show: ({ subjectId }) => <ShortId id={subjectId} /> },
    {
      name: 'change',
      label: texts.change,
      show: ({ before, after, reason }) => (
        <span>
          {reason === '' ? null : <>“{reason}” </>}
          <Change before={before} after={after} />
        </span>
      ),
    },
  ]
}

function Change({ before, after }: Pick<Activity, 'before' | 'after'>) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.map((name) => (
    <span key={name} className="change">
      {name}: {before[name] === undefined ? null : <code>{short(before[name])} → </code>}
      <code>{short(after[name])}</code>{' '}
    </span>
  ))
}

const mostChars = 60

function short(value: unknown): string {
  const text = value === undefined ? '–' : JSON.stringify(value)
  return text.length > mostChars ? `${text.slice(0, mostChars)}…` : text
}
