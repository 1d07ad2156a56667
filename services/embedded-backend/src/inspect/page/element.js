/**
 * An element. Texts become text nodes, never markup: what is shown here was written by anybody.
 * @param {string} tag
 * @param {Record<string, unknown>} properties `on…` are listeners, `true` an attribute without a value; null and false are left out.
 * @param {...(Node | string | null)} children
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.filter((child) => child !== null))
  return element
}

/**
 * Shows other children. Whoever was at the element with some `data-key` is there again afterwards, as far along as before;
 * nothing is replaced under what somebody has selected, perhaps to copy it.
 */
export function replaceInPlace(parent, ...children) {
  const selection = getSelection()
  if (selection?.type === 'Range' && parent.contains(selection.anchorNode)) return
  const { activeElement } = document
  const key = parent.contains(activeElement) ? activeElement.dataset.key : undefined
  const scrolled = new Map(keyed(parent).map((element) => [element.dataset.key, element.scrollLeft]))
  parent.replaceChildren(...children)
  for (const element of keyed(parent)) {
    element.scrollLeft = scrolled.get(element.dataset.key) ?? 0
    if (key !== undefined && element.dataset.key === key) element.focus({ preventScroll: true })
  }
}

function keyed(parent) {
  return [...parent.querySelectorAll('[data-key]')]
}

/** A table with a name for screen readers; `columns`: `{ title, number }`. It scrolls by itself where it is too wide. */
export function dataTable(caption, columns, body) {
  const heads = columns.map(({ title, number }) =>
    h('th', { scope: 'col', class: number && 'number' }, title),
  )
  const table = h('table', {}, h('caption', {}, caption), h('thead', {}, h('tr', {}, ...heads)), body)
  return h(
    'div',
    { class: 'wide', tabindex: 0, role: 'region', 'aria-label': caption, 'data-key': caption },
    table,
  )
}

/** What stands where there is nothing to show. */
export function empty(text) {
  return h('p', { class: 'empty' }, text)
}
