/** On what has the focus of a line of the fleet when the line is reached by the arrow keys. */
export const ROW_FOCUS = { 'data-row-focus': '' }

/** What has the focus of this line, if it has something that can have it. */
export function focusIn(line: Element | null | undefined): HTMLElement | null {
  return line?.querySelector<HTMLElement>('[data-row-focus]') ?? null
}
