/** Whether a status is within ranges such as `204` or `200-299`. */
export function statusTest(ranges: readonly string[]): (status: number) => boolean {
  const good = new Set<number>();
  for (const range of ranges) {
    const [low = '', high = low] = range.split('-');
    for (let status = Number(low); status <= Number(high); status += 1) good.add(status);
  }
  return (status) => good.has(status);
}
