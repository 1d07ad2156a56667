/** What a document that is made says at its top. */
export const GENERATED = 'Made from the code by `pnpm run docs`: what is wrong here is to be mended there.'
