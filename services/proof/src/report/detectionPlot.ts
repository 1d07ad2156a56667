import type { Detection } from '../detection/Detection'
import { statisticsOf } from './statistics'
import { decades, dot, image, line, logScale, text } from './svg'
import { formatMs } from './words'

const WIDTH = 900
const LEFT = 330
const RIGHT = 24
const TOP = 56
const ROW = 34
const BOTTOM = 44
/** Milliseconds at the ends of the axis. */
const LEAST = 10
const MOST = 200_000
/** So far above and below the middle of their row, that dots of one time do not hide each other. */
const SPREAD = 6

/** A row for each way to die: a dot for each run, the median, and what is promised; time is logarithmic. */
export function detectionPlot(detections: readonly Detection[]): string {
  const measured = detections.filter(({ samples }) => samples.length > 0)
  const bottom = TOP + measured.length * ROW
  const x = logScale([LEAST, MOST], [LEFT, WIDTH - RIGHT])
  const axis = decades(LEAST, MOST).flatMap((ms) => [
    line([x(ms), TOP - 8], [x(ms), bottom], 'grid'),
    text([x(ms), bottom + 18], formatTick(ms), { anchor: 'middle', kind: 'faint' }),
  ])
  const rows = measured.flatMap((detection, index) => row(detection, TOP + (index + 0.5) * ROW, x))
  const medians = measured.map(
    ({ what, samples }) => `${plain(what)}: ${formatMs(statisticsOf(samples).median)}`,
  )
  return image(
    {
      width: WIDTH,
      height: bottom + BOTTOM,
      title: 'From death to page',
      description: `Medians: ${medians.join('; ')}.`,
    },
    [
      text([16, 24], 'From death to page'),
      text([WIDTH - RIGHT, 24], 'dot: one run · line: median · red: promised', {
        anchor: 'end',
        kind: 'faint',
      }),
      ...axis,
      ...rows,
      text([16, bottom + 18], '* since its last heartbeat', { kind: 'faint' }),
    ],
  )
}

function row(
  { what, since, samples, promisedMs }: Detection,
  y: number,
  x: (ms: number) => number,
): string[] {
  const { median } = statisticsOf(samples)
  const words = since === 'last heartbeat' ? `${plain(what)} *` : plain(what)
  return [
    text([LEFT - 12, y + 4], words, { anchor: 'end' }),
    ...samples.map((ms, index) =>
      dot([x(ms), y + ((index % 5) - 2) * (SPREAD / 2)], formatMs(ms), ms > promisedMs ? 'broken' : 'a dot'),
    ),
    line([x(median), y - 11], [x(median), y + 11], 'median'),
    line([x(promisedMs), y - 11], [x(promisedMs), y + 11], 'promise'),
  ]
}

const formatTick = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`)

/** Without the marks of Markdown. */
const plain = (words: string): string => words.replaceAll('`', '')
