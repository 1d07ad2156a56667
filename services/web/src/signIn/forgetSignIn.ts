/** Convex Auth keeps what it knows under keys that begin so. */
const KEPT = '__convexAuth'

/** The way out of a sign-in that can neither be renewed nor ended with the backend: forgets it in this browser and begins anew. */
export function forgetSignIn(): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(KEPT)) localStorage.removeItem(key)
  }
  window.location.assign('/')
}
