/** Each of these would choose a deployment of its own; the CLI also reads them from files, unless they are set to nothing. */
const otherChoices = ['CONVEX_DEPLOYMENT', 'CONVEX_DEPLOY_KEY', 'CONVEX_DEPLOYMENT_TOKEN']

/** Not for a program that has no use for it. */
const withheld = ['WORKER_TOKEN']

/**
 * The environment in which the official CLI asks this deployment. The key goes by the environment, which only its owner can
 * read, and not by `--admin-key`, which everybody on the machine sees in the list of processes.
 */
export function convexEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  deployment: { url: string; adminKey: string; isEmbedded: boolean } | undefined,
): Record<string, string | undefined> {
  const kept = Object.entries(environment).filter(([name]) => !withheld.includes(name))
  if (deployment === undefined) return Object.fromEntries(kept)
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(otherChoices.map((name) => [name, ''])),
    CONVEX_SELF_HOSTED_URL: deployment.url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: deployment.adminKey,
    // Convex's own server, which the CLI sends its error reports to: none of them leaves this machine.
    ...(deployment.isEmbedded && { CONVEX_PROVISION_HOST: deployment.url }),
  }
}
