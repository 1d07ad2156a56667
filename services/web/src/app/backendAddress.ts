/** Where the backend is: as built in, or the origin that served the page. */
export const backendAddress = import.meta.env.VITE_CONVEX_URL ?? window.location.origin
