/** The pages of `entente serve`. */

export function Shell() {
  return <p>Shelf</p>;
}
