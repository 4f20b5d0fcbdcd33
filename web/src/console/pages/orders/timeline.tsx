import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { OrderTimeline } from 'tillstream-sdk'
import { ChoiceFilter } from '../../parts/choice-filter.tsx'
import { Fault, Loading, Note } from '../../parts/notices.tsx'
import { Panel } from '../../parts/page.tsx'
import { Time } from '../../parts/time.tsx'
import { useTexts } from '../../texts/texts.ts'
import { timelineQuery } from './queries.ts'

const shownAtFirst = 40

/** Everything that is stored about the order, newest first. */
export function Timeline({ orderId }: { readonly orderId: string }) {
  const texts = useTexts()
  const [source, setSource] = useState('')
  const [isWhole, setWhole] = useState(false)
  const { data, isError, error, refetch } = useQuery(timelineQuery(orderId))
  if (!data)
    return (
      <Panel title={texts.orders.timeline}>
        {isError ? <Fault err={error} onAgain={() => void refetch()} /> : <Loading />}
      </Panel>
    )
  const all = data.entries.filter((entry) => source === '' || entry.source === source).reverse()
  const shown = isWhole ? all : all.slice(0, shownAtFirst)
  return (
    <Panel
      title={texts.orders.timeline}
      actions={
        <ChoiceFilter
          label={texts.orders.source}
          value={source}
          choices={texts.orders.sources}
          onChoose={setSource}
        />
      }
    >
      {data.missingEvents > 0 ? (
        <Note tone="warn">{texts.orders.missingEvents(data.missingEvents)}</Note>
      ) : null}
      <ol className="timeline">
        {shown.map((entry, index) => (
          <Entry key={`${entry.at} ${entry.what} ${entry.aboutId} ${index}`} entry={entry} />
        ))}
      </ol>
      {shown.length < all.length ? (
        <Button variant="default" onClick={() => setWhole(true)}>
          {texts.orders.wholeTimeline(all.length)}
        </Button>
      ) : null}
    </Panel>
  )
}

function Entry({ entry }: { readonly entry: OrderTimeline['entries'][number] }) {
  const texts = useTexts().orders
  const { at, source, what, detail, requestId, traceparent } = entry
  const { published, ...rest } = detail
  const facts = Object.entries({
    ...rest,
    ...(published === 'false' ? { published } : {}), // as it is with all others after a moment
    ...(requestId === undefined ? {} : { request: requestId }),
    ...(traceparent === undefined ? {} : { trace: traceparent.split('-')[1] ?? traceparent }),
  })
  return (
    <li data-source={source}>
      <p>
        <b>{texts.whats[what] ?? what}</b>
        <span className="quiet">
          {texts.sources[source] ?? source} · <Time at={at} isExact />
        </span>
      </p>
      {facts.length === 0 ? null : (
        <p className="details">
          {facts.map(([name, value]) => (
            <span key={name}>
              <span className="quiet">{name}</span> <code>{value}</code>
            </span>
          ))}
        </p>
      )}
    </li>
  )
}
