/** Where a host's people keep their work, and how its name goes on in its network. */
export interface HostKind {
  folder: (project: string) => string
  domain: string
}

const server: HostKind = { folder: (project) => `/srv/code/${project}`, domain: 'example.net' }
const macOf = (user: string): HostKind => ({
  folder: (project) => `/Users/${user}/src/${project}`,
  domain: 'local',
})
const linuxOf = (user: string): HostKind => ({
  folder: (project) => `/home/${user}/src/${project}`,
  domain: 'lan',
})

/** What machines are called, and what they are. */
export const hosts: readonly (readonly [name: string, kind: HostKind])[] = [
  ['build-01', server],
  ['build-02', server],
  ['build-03', server],
  ['ci-runner-04', server],
  ['ci-runner-07', server],
  ['gpu-01', server],
  ['gpu-02', server],
  ['staging-eu', server],
  ['staging-us', server],
  ['nightly-arm', server],
  ['edge-fra-1', server],
  ['edge-sgp-1', server],
  ['lab-nuc', server],
  ['studio-mac', macOf('studio')],
  ['office-mini', macOf('office')],
  ['adas-macbook', macOf('ada')],
  ['linas-macbook-pro', macOf('lina')],
  ['noahs-mac-mini', macOf('noah')],
  ['grace-thinkpad', linuxOf('grace')],
  ['tomas-desktop', linuxOf('tomas')],
  ['yuki-framework', linuxOf('yuki')],
  ['omar-workstation', linuxOf('omar')],
]

/** What workers are called: what they work on. */
export const projects: readonly string[] = [
  ...['api', 'web', 'docs', 'billing', 'search', 'auth', 'mobile', 'infra', 'nightly', 'scratch'],
  ...[
    'payments',
    'design-system',
    'import',
    'reports',
    'migrations',
    'e2e',
    'mailer',
    'gateway',
    'sdk',
    'cli',
  ],
  ...['dashboard', 'metrics', 'thumbnails', 'release', 'translations', 'onboarding', 'audit', 'webhooks'],
]

/** The name itself, or with the first number from 2 on that makes it another than those that are taken. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  for (let number = 2; ; number++) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`
}
