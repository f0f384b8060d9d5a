// The address bar as React reads it. An application of more than two pages has a router for this.
import { useSyncExternalStore } from 'react'

export function go(address: string): void {
  history.pushState(undefined, '', address)
  dispatchEvent(new PopStateEvent('popstate'))
}

/** The path and query of the page; the component renders again when they change. */
export function useAddress(): URL {
  const href = useSyncExternalStore(
    listener => {
      addEventListener('popstate', listener)
      return () => removeEventListener('popstate', listener)
    },
    () => location.href,
  )
  return new URL(href)
}

/** The address of the sign-in page, which leads back to where the user was. */
export function signInAddress(returnTo: string, hasEnded = false): string {
  const query = new URLSearchParams({ return_to: returnTo })
  if (hasEnded) query.set('ended', '')
  return `/sign-in?${query}`
}

/** Where the sign-in page leads: inside this application only, whatever a link to it says. */
export function returnAddress(address: URL): string {
  const wanted = new URL(address.searchParams.get('return_to') ?? '/', location.origin)
  return wanted.origin === location.origin ? wanted.pathname + wanted.search + wanted.hash : '/'
}
