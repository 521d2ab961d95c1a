/** The anchor of a heading, as GitHub makes it: links of the pages work here and there. */
export function slugOf(heading) {
  return heading
    .replaceAll(/[`*]/g, '')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}
