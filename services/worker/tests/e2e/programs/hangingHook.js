// @ts-check
/** A shutdown hook that does not end. */
export default async function hangs() {
  await new Promise(() => {})
}
