/** One of a list, by chance; undefined of an empty one. */
export function pick(list) {
  return list[Math.floor(Math.random() * list.length)];
}
