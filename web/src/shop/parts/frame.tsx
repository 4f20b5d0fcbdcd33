import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { session } from '../../shared/api.ts'
import { chooseLanguage, language, languages, type Language } from '../../shared/language.ts'
import { Link, navigate, usePlace } from '../../shared/router.tsx'
import { useStore } from '../../shared/store.ts'
import { shownTheme, theme } from '../../shared/theme.ts'
import { cartQuery } from './cart-state.ts'
import { languageNames, speak, useTexts } from '../texts/texts.ts'

export function Header() {
  const texts = useTexts()
  const isLoggedIn = useStore(session) !== undefined
  const { data: cart } = useQuery(cartQuery)
  const count = cart?.items.reduce((sum, { quantity }) => sum + quantity, 0) ?? 0
  return (
    <header className="masthead">
      <Link to="/" className="brand">
        {texts.brand}
      </Link>
      <Search />
      <nav aria-label={texts.nav.label}>
        <Link to={isLoggedIn ? '/account' : '/login'} className="icon-link">
          <Icon path="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5" />
          <span>{isLoggedIn ? texts.nav.account : texts.nav.logIn}</span>
        </Link>
        <Link to="/cart" className="icon-link" aria-label={texts.cartWith(count)}>
          <Icon path="M5 8h14l-1.2 11.5H6.2L5 8Zm4 0V7a3 3 0 0 1 6 0v1" />
          {count > 0 ? <b className="badge">{count}</b> : null}
        </Link>
      </nav>
    </header>
  )
}

function Icon({ path }: { readonly path: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      aria-hidden="true"
    >
      <path d={path} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}

/** Nobody types two letters faster than this on purpose. */
const pauseMs = 180

/** What is typed is searched for; the address has it, so that it can be shared and gone back to. */
function Search() {
  const texts = useTexts()
  const { path, query } = usePlace()
  const wanted = path === '/' ? (query.get('q') ?? '') : ''
  const [typed, setTyped] = useState(wanted)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const isTyping = useRef(false)
  useEffect(() => {
    if (!isTyping.current) setTyped(wanted)
  }, [wanted])

  function search(text: string): void {
    clearTimeout(timer.current)
    isTyping.current = false
    const next = new URLSearchParams(path === '/' ? query : '')
    if (text.trim() === '') next.delete('q')
    else next.set('q', text.trim())
    next.delete('sort')
    // From another page it is a step forward; letter by letter it is not.
    navigate(next.size > 0 ? `/?${next.toString()}` : '/', { replaces: path === '/', keepsScroll: true })
  }

  function type(text: string): void {
    setTyped(text)
    isTyping.current = true
    clearTimeout(timer.current)
    timer.current = setTimeout(() => search(text), pauseMs)
  }

  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        search(typed)
      }}
    >
      <input
        type="search"
        aria-label={texts.search.label}
        placeholder={texts.search.placeholder}
        autoComplete="off"
        maxLength={200}
        value={typed}
        onChange={(event) => type(event.target.value)}
      />
    </form>
  )
}

export function Footer() {
  const texts = useTexts()
  const spoken = useStore(language)
  useStore(theme)
  const isDark = shownTheme() === 'dark'
  const choose = (next: Language): void => {
    chooseLanguage(next)
    void speak(next)
  }
  return (
    <footer>
      <p className="quiet">{texts.footer.about}</p>
      <div className="row">
        <select
          aria-label={texts.footer.language}
          value={spoken}
          onChange={({ target }) => choose(target.value as Language)}
        >
          {languages.map((name) => (
            <option key={name} value={name} lang={name}>
              {languageNames[name]}
            </option>
          ))}
        </select>
        <button type="button" className="button plain" onClick={() => theme.set(isDark ? 'light' : 'dark')}>
          {isDark ? texts.footer.light : texts.footer.dark}
        </button>
      </div>
    </footer>
  )
}
