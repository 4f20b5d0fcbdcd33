import { useQuery } from '@tanstack/react-query'
import { Link } from '../../../shared/router.tsx'
import { Empty } from '../../parts/notices.tsx'
import { Panel } from '../../parts/page.tsx'
import { shortId } from '../../parts/short-id.tsx'
import { useTexts } from '../../texts/texts.ts'
import { bestQuery, figure } from './analytics.ts'

/** What sells best, by what was paid for it. */
export function BestSellers() {
  const texts = useTexts().home
  const { data } = useQuery(bestQuery)
  if (!data) return null
  return (
    <Panel title={texts.best}>
      {data.data.length === 0 ? <Empty>{texts.noSales}</Empty> : null}
      <ol className="plain-list stack tight" aria-label={texts.best}>
        {data.data.map(({ key, name, value }) => (
          <li key={key} className="row between">
            {name === undefined ? <span>{shortId(key)}</span> : <Link to={`/products/${key}`}>{name}</Link>}
            <span>{figure(data, value)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
