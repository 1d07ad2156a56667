import { founding } from '../cost/peers'
import type { CostResult } from '../cost/measureCost'
import { decades, dot, image, line, logScale, path, text } from './svg'
import { formatCount } from './words'

const WIDTH = 700
const HEIGHT = 380
const LEFT = 70
const RIGHT = 190
const TOP = 60
const BOTTOM = 56

interface Series {
  name: string
  /** Of `svg.ts`. */
  kind: 'a' | 'b' | 'c'
  reads: { workers: number; read: number }[]
}

/** Documents that a sweep reads which finds nobody, against the size of the fleet; both logarithmic. */
export function costPlot({ ours, presence }: CostResult): string {
  const sizes = ours.map(({ workers }) => workers)
  const all: Series[] = [
    {
      ...{ name: 'founding system', kind: 'b' },
      reads: sizes.map((workers) => ({ workers, read: founding.idleSweep(workers).read })),
    },
    {
      ...{ name: '@convex-dev/presence', kind: 'c' },
      reads: presence.map(({ workers, idleSweep }) => ({ workers, read: idleSweep.read })),
    },
    {
      ...{ name: 'Rollcall', kind: 'a' },
      reads: ours.map(({ workers, idleSweep }) => ({ workers, read: idleSweep.read })),
    },
  ]
  const most = Math.max(10, ...sizes)
  const x = logScale([10, most], [LEFT, WIDTH - RIGHT])
  const y = logScale([1, most], [HEIGHT - BOTTOM, TOP])
  const axes = [
    ...decades(10, most).map((workers) =>
      text([x(workers), HEIGHT - BOTTOM + 20], formatCount(workers), { anchor: 'middle', kind: 'faint' }),
    ),
    ...decades(1, most).flatMap((read) => [
      line([LEFT, y(read)], [WIDTH - RIGHT, y(read)], 'grid'),
      text([LEFT - 8, y(read) + 4], formatCount(read), { anchor: 'end', kind: 'faint' }),
    ]),
  ]
  const title = 'Documents read by a sweep that finds nobody'
  const said = all.map(
    ({ name, reads }) => `${name}: ${reads.map(({ workers, read }) => `${read} at ${workers}`).join(', ')}`,
  )
  return image({ width: WIDTH, height: HEIGHT, title, description: `${said.join('. ')}.` }, [
    text([16, 26], title),
    text([(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12], 'workers online', { anchor: 'middle', kind: 'faint' }),
    ...axes,
    ...all.flatMap(({ name, kind, reads }) => {
      const points = reads.map(({ workers, read }) => [x(workers), y(read)] as const)
      const [endX, endY] = points.at(-1) ?? [LEFT, TOP]
      return [
        path(points, `${kind} line`),
        ...reads.map(({ workers, read }) => dot([x(workers), y(read)], `${name}: ${read}`, `${kind} dot`)),
        text([endX + 10, endY + 4], name, { kind: `${kind} label` }),
      ]
    }),
  ])
}
