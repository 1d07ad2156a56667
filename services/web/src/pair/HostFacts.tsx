import type { Joining } from './PairPage'

/** The computer that asks, as it describes itself; the address is what the backend saw. */
export function HostFacts({ host }: { host: Joining['host'] }) {
  const facts: [string, string][] = [
    ['Computer', host.hostname],
    ['User', host.user],
    ['Directory', host.directory],
    ['Address', host.address ?? 'not known'],
  ]
  return (
    <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-y-1 rounded-md border border-line bg-inset px-3 py-2">
      {facts.map(([term, value]) => (
        <div key={term} className="contents">
          <dt className="text-muted">{term}</dt>
          <dd className="wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
