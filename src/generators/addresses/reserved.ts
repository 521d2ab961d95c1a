/** IPv4 networks that no public host has. Source: RFC 6890 and its registry at IANA. */
const reserved: readonly (readonly [first: number, last: number])[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
].map((network) => {
  const [address = '', bits] = network.split('/');
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [first, first + 2 ** (32 - Number(bits)) - 1];
});

/** Whether public hosts can have all the IPv4 addresses from the first to the last. */
export function isPublicV4(first: number, last: number = first): boolean {
  return !reserved.some(([from, to]) => first <= to && last >= from);
}
