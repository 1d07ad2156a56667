import { dataTable, empty, h, replaceInPlace } from '../element.js'
import { clockTime, duration, moment, schedule } from '../words.js'

const columns = ['Job', 'Function', 'Schedule', 'Next run', 'Last run'].map((title) => ({ title }))

/** The jobs of `crons.ts`. */
export function showCrons(root, { get, follow }) {
  follow({
    everyMs: 2_000,
    load: () => get('/api/inspect/crons'),
    show: ({ since, crons }) => {
      if (crons.length === 0) {
        root.replaceChildren(h('h2', {}, 'Crons'), empty('There are no jobs: crons.ts exports none.'))
        return
      }
      const rows = crons.map((job) => toRow(job, since))
      const table = dataTable('Crons', columns, h('tbody', {}, ...rows))
      replaceInPlace(root, h('h2', {}, 'Crons'), table)
    },
  })
}

function toRow({ name, path, schedule: when, nextRun, lastRun: last }, since) {
  return h(
    ...[
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      h('td', {}, h('code', {}, path)),
      h('td', {}, schedule(when)),
    ],
    ...[h('td', {}, nextRun === null ? '–' : moment(nextRun)), lastRunCell(last, since)],
  )
}

function lastRunCell(last, since) {
  if (last === null) return h('td', { class: 'muted' }, `not since ${clockTime(since)}`)
  const problem = last.error === null ? null : h('p', { class: 'problem' }, `✕ ${last.error}`)
  return h(
    'td',
    { class: 'long' },
    moment(last.at),
    h('span', { class: 'muted' }, `, took ${duration(last.ms)}`),
    problem,
  )
}
