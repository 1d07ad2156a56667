/** The `tabIndex` of what scrolls: not every browser lets the keyboard reach it otherwise. */
export const scrollsByKeyboard = 0
