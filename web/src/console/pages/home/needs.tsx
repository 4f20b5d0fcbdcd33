import { useQueries } from '@tanstack/react-query'
import { number } from '../../../shared/formats.ts'
import { Link } from '../../../shared/router.tsx'
import { useStaff } from '../../parts/staff.ts'
import { useTexts } from '../../texts/texts.ts'
import { needs, type Count, type Need } from './counts.ts'

const againMs = 20_000

/** What needs a person, as far as this one may see it. */
export function Needs() {
  const texts = useTexts().home
  const { may } = useStaff()
  const open = needs.filter(({ permission }) => may(permission))
  const counts = useQueries({
    queries: open.map(({ name, ask }) => ({
      queryKey: ['need', name],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => ask(signal),
      refetchInterval: againMs,
    })),
  })
  return (
    <section aria-labelledby="needs">
      <h2 id="needs" className="sr-only">
        {texts.needs}
      </h2>
      <ul className="needs">
        {open.map((need, index) => (
          <Card key={need.name} need={need} count={counts[index]?.data} />
        ))}
      </ul>
    </section>
  )
}

function Card({ need, count }: { readonly need: Need; readonly count: Count | undefined }) {
  const texts = useTexts().home
  const isOpen = count !== undefined && count.count > 0
  const tone = !isOpen ? 'quiet' : need.isFault ? 'bad' : 'warn'
  return (
    <li data-tone={tone} data-open={isOpen ? true : undefined}>
      <Link to={need.to}>
        <b>{count === undefined ? '…' : number(count.count) + (count.isMore ? '+' : '')}</b>
        <span>{texts.names[need.name]}</span>
      </Link>
    </li>
  )
}
