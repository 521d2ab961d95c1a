/**
 * Which autonomous systems are no households: by number, or by a pattern of their name.
 *
 * The first that matches wins, in this order; every other network is `consumer`. The lists are
 * ours, made by hand from the names in the data: large networks, not all networks. A number stands
 * here where the name of the company says nothing of what that network of it is for.
 */
const classes = {
  /** Operators of VPNs and of Tor exits; companies whose main customers are such operators. */
  anonymiser: {
    numbers: [
      // Calyx, Quintex, F3 Netze, Applied Privacy, Emerald Onion, FlokiNET, FranTech: Tor exits.
      ...[4224, 62744, 205100, 208323, 396507, 200651, 53667],
      209854, // Surfshark's.
    ],
    names:
      /\b(?:m247|datacamp|packethub|mullvad|31173 services|proton ag|anonymizer|vpn|tor exits?)\b/i,
  },
  /** Networks of mobile carriers, where the carrier keeps one apart. */
  mobile: {
    numbers: [
      ...[6167, 6614, 20057, 21928, 22394], // US
      ...[25135, 35228, 206067], // GB
      ...[6805, 51207, 12479, 16299, 16232, 24608], // DE FR ES IT
      ...[15670, 31615, 8374, 12912, 39603, 44034, 15796], // NL PL SE CH
      ...[15897, 16135, 20978], // TR
      ...[36522, 54182, 14663, 29988, 8160], // CA
      ...[22085, 26599, 26615, 7438, 28403, 28469], // BR MX
      ...[9605, 138384, 9644, 17853], // JP KR
      ...[38266, 45271, 45609, 55410, 55836], // IN
      ...[133612, 4773, 45143, 15802], // AU SG AE
      ...[29357, 42961, 47589, 31452, 51375], // KW BH
      ...[16637, 29975, 36994, 37168], // ZA
    ],
    names: /\bmobile?\b(?! corporation)|\bcellular\b|\bgsm\b/i,
  },
  /** Clouds, data centres and content networks. */
  hosting: {
    numbers: [],
    names: new RegExp(
      [
        'amazon|microsoft|google(?! fiber)|oracle corp|ibm cloud|alibaba|tencent|byteplus',
        'huawei (?:cloud|international)|digitalocean|linode|akamai|\\bovh\\b|hetzner|contabo|ionos',
        'constant company|leaseweb|scaleway|rackspace|cloudflare|fastly|zenlayer|hivelocity',
        'godaddy|gandi|selectel|zscaler|equinix|latitude\\.sh|clouvider|tzulo|performive',
        'host|data ?cent|cloud|server|\\bvps\\b|\\bcolo|\\bcdn\\b',
      ].join('|'),
      'i',
    ),
  },
};

/** The kinds, at their place in src/addresses/network.ts. */
const kinds = ['consumer', 'mobile', 'hosting', 'anonymiser'];
const rules = Object.entries(classes).map(([kind, { numbers, names }]) => ({
  kind: kinds.indexOf(kind),
  numbers: new Set(numbers.map(String)),
  names,
}));

/** The kind of an autonomous system: a whole number, 0 for consumer. */
export function kindOf(number, name) {
  const rule = rules.find(({ numbers, names }) => numbers.has(number) || names.test(name));
  return rule?.kind ?? 0;
}
