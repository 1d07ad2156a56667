/**
 * What is read of the deployment's environment besides Convex's own variables. Not declared in a `convex.config.ts`, as the lint
 * rule wants it: most are Convex Auth's and Auth.js's, which read them undeclared themselves.
 */
/* eslint-disable @convex-dev/no-process-env */

/** The page’s address, if the deployment knows. */
export function pageAddress(): string | undefined {
  return process.env['SITE_URL'] || undefined
}

/** What whoever reads `/metrics` has to present; without it nobody may. */
export function metricsToken(): string | undefined {
  return process.env['METRICS_TOKEN'] || undefined
}

/** Whether people may sign in with GitHub, which takes both variables. */
export function isGitHubOffered(): boolean {
  return Boolean(process.env['AUTH_GITHUB_ID'] && process.env['AUTH_GITHUB_SECRET'])
}
