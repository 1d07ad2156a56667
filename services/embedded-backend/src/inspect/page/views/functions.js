import { dataTable, empty, h, replaceInPlace } from '../element.js'
import { clockTime, count, duration, moment } from '../words.js'

const columns = [
  ...[
    { title: 'Function' },
    { title: 'Type' },
    { title: 'Calls', number: true },
    { title: 'Errors', number: true },
  ],
  ...['Mean', 'p50', 'p99', 'Max'].map((title) => ({ title, number: true })),
  { title: 'Last call' },
]

const orders = {
  trouble: ['Trouble first', (a, b) => b.errors - a.errors || b.calls - a.calls],
  calls: ['Most called', (a, b) => b.calls - a.calls],
  time: ['Most time', (a, b) => b.calls * b.meanMs - a.calls * a.meanMs],
  slow: ['Slowest', (a, b) => b.p99Ms - a.p99Ms],
  name: ['Name', () => 0],
}

/** How often each function was called, how long it took and what went wrong, since the backend was started. */
export function showFunctions(root, { get, follow }) {
  const since = h('p', { class: 'muted' })
  const filter = h('input', {
    type: 'search',
    'aria-label': 'Function contains',
    placeholder: 'Function contains …',
  })
  const options = Object.entries(orders).map(([value, [title]]) => h('option', { value }, title))
  const order = h('select', { 'aria-label': 'Order' }, ...options)
  const uncalled = h('input', { type: 'checkbox' })
  const body = h('tbody')
  const none = h('div', { hidden: true })
  let answer = null

  const draw = () => {
    if (answer === null) return
    const rows = toRows(answer, { text: filter.value.trim().toLowerCase(), withUncalled: uncalled.checked })
    rows.sort((a, b) => orders[order.value][1](a, b) || a.path.localeCompare(b.path))
    replaceInPlace(body, ...rows.map(toRow))
    none.hidden = rows.length > 0
    const why = filter.value ? 'No function’s name contains that.' : 'No function was called yet.'
    none.replaceChildren(empty(why))
  }
  for (const control of [filter, order, uncalled]) control.addEventListener('input', draw)

  const controls = h(
    'div',
    { class: 'controls' },
    filter,
    order,
    h('label', {}, uncalled, 'also those never called'),
  )
  const table = dataTable('Functions', columns, body)
  let begun = false
  follow({
    everyMs: 2_000,
    load: () => get('/api/inspect/functions'),
    show: (loaded) => {
      answer = loaded
      const calls = loaded.called.reduce((sum, one) => sum + one.calls, 0)
      since.replaceChildren(
        `${count(calls)} ${calls === 1 ? 'call' : 'calls'} since ${clockTime(loaded.since)}, `,
        moment(loaded.since),
      )
      draw()
      if (begun) return
      begun = true
      root.replaceChildren(h('div', { class: 'bar' }, h('h2', {}, 'Functions'), since, controls), table, none)
    },
  })
}

function toRows({ known, called }, { text, withUncalled }) {
  const metrics = new Map(called.map((one) => [one.path, one]))
  const uncalled = known.filter(({ path }) => !metrics.has(path)).map((one) => ({ ...one, ...nothing }))
  const internal = new Set(
    known.filter(({ visibility }) => visibility === 'internal').map(({ path }) => path),
  )
  return [...called, ...(withUncalled ? uncalled : [])]
    .filter(({ path }) => path.toLowerCase().includes(text))
    .map((one) => ({ ...one, isInternal: internal.has(one.path) }))
}

const nothing = {
  calls: 0,
  errors: 0,
  meanMs: 0,
  p50Ms: 0,
  p99Ms: 0,
  maxMs: 0,
  lastAt: null,
  lastError: null,
}

function toRow({ path, type, isInternal, calls, errors, meanMs, p50Ms, p99Ms, maxMs, lastAt, lastError }) {
  const number = (text, kind = '') => h('td', { class: `number ${kind}` }, text)
  const times = [meanMs, p50Ms, p99Ms, maxMs].map((ms) => number(calls === 0 ? '–' : duration(ms)))
  const problem =
    lastError &&
    h(
      'p',
      { class: 'problem clamped', title: lastError.message },
      '✕ ',
      moment(lastError.at),
      `: ${lastError.message}`,
    )
  return h(
    ...['tr', { class: calls === 0 && 'muted' }, h('th', { scope: 'row' }, h('code', {}, path), problem)],
    ...[h('td', { class: 'muted' }, isInternal ? `internal ${type.toLowerCase()}` : type.toLowerCase())],
    ...[number(count(calls)), number(count(errors), errors > 0 ? 'problem' : ''), ...times],
    h('td', {}, lastAt === null ? '–' : moment(lastAt)),
  )
}
