import { useQuery } from '@tanstack/react-query'
import { api } from '../../shared/api.ts'
import { Link, usePlace } from '../../shared/router.tsx'
import { Done, Problem } from '../parts/notices.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useTexts } from '../texts/texts.ts'

/** Behind the link of the mail. */
export function VerifyPage() {
  const texts = useTexts()
  const { query } = usePlace()
  const token = query.get('token') ?? ''
  useTitle(texts.account.title)
  // A query, because opening the page is all that there is to do, and it is done once for each token.
  const verified = useQuery({
    queryKey: ['verify', token],
    queryFn: async () => {
      await api().confirmEmailVerification({ body: { token } })
      return true
    },
    staleTime: Infinity,
    gcTime: Infinity,
  })
  return (
    <section className="empty">
      <h1>{texts.account.title}</h1>
      {verified.isPending ? <p role="status">{texts.account.verifying}</p> : null}
      {verified.isSuccess ? <Done>{texts.account.verified}</Done> : null}
      <Problem err={verified.error} />
      <Link className="button" to="/account">
        {texts.nav.account}
      </Link>
    </section>
  )
}
