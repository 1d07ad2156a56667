/** Small pieces of SVG. Each plot brings its own ground and ink, for light and for dark, so that it is readable on any page. */

const FONT_SIZE = 13

const style = `
  text { font: ${FONT_SIZE}px system-ui, sans-serif; fill: var(--ink) }
  .ground { fill: var(--ground) } .faint { fill: var(--faint) }
  .grid { stroke: var(--grid) } .a { --series: var(--blue) } .b { --series: var(--orange) } .c { --series: var(--green) }
  .dot { fill: var(--series); fill-opacity: .55 } .line { stroke: var(--series); stroke-width: 2; fill: none }
  .label { fill: var(--series) } .median { stroke: var(--ink); stroke-width: 2 } .promise { stroke: var(--red); stroke-width: 2 }
  .broken { fill: var(--red) }
  svg { --ground: #fff; --ink: #1f2328; --faint: #59636e; --grid: #d1d9e0; --blue: #0969da; --orange: #bc4c00; --green: #1a7f37; --red: #cf222e }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #f0f6fc; --faint: #9198a1; --grid: #3d444d; --blue: #58a6ff; --orange: #f0883e; --green: #3fb950; --red: #ff7b72 }
  }`

/** An image that says what it is to those who do not see it. */
export function image(
  {
    width,
    height,
    title,
    description,
  }: { width: number; height: number; title: string; description: string },
  parts: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escape(title)}</title>`,
    `<desc id="description">${escape(description)}</desc>`,
    `<style>${style}\n</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

type Anchor = 'start' | 'middle' | 'end'

export function text(
  [x, y]: readonly [number, number],
  words: string,
  { anchor = 'start', kind = '' }: { anchor?: Anchor; kind?: string } = {},
): string {
  const as = kind === '' ? '' : ` class="${kind}"`
  return `<text${as} x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escape(words)}</text>`
}

export function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  kind: string,
): string {
  return `<line class="${kind}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`
}

export function dot([x, y]: readonly [number, number], title: string, kind = 'dot'): string {
  return `<circle class="${kind}" cx="${round(x)}" cy="${round(y)}" r="4"><title>${escape(title)}</title></circle>`
}

export function path(points: readonly (readonly [number, number])[], kind: string): string {
  return `<path class="${kind}" d="M${points.map(([x, y]) => `${round(x)},${round(y)}`).join('L')}"/>`
}

/** From a value to a place: `from` to `to`, on a logarithmic scale. Values outside are put on its ends. */
export function logScale(
  values: readonly [number, number],
  places: readonly [number, number],
): (value: number) => number {
  const [least, most] = [Math.log10(values[0]), Math.log10(values[1])]
  return (value) => {
    const share = (Math.log10(Math.max(value, Number.MIN_VALUE)) - least) / (most - least)
    return places[0] + Math.min(1, Math.max(0, share)) * (places[1] - places[0])
  }
}

/** Powers of ten from the one to the other. */
export function decades(from: number, to: number): number[] {
  const ticks: number[] = []
  for (let tick = from; tick <= to; tick *= 10) ticks.push(tick)
  return ticks
}

const round = (place: number): string => String(Math.round(place * 10) / 10)

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
