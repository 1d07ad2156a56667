interface ImportMetaEnv {
  /** Address of a Convex deployment, set at build time; without it the page talks to the origin that served it. */
  readonly VITE_CONVEX_URL?: string
}
