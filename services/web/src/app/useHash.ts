import { useSyncExternalStore } from 'react'

/** The hash of the address; another link that is opened in the same tab changes nothing but that. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => window.location.hash)
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange)
  return () => window.removeEventListener('hashchange', onChange)
}
