import type { ColumnMetaData, FileMetaData, RowGroup, SchemaElement } from 'hyparquet';

/** Bytes at the start (`PAR1`) and at the end (length of the footer, `PAR1`) that hold no columns. */
const HEAD_BYTES = 4;
const TAIL_BYTES = 8;

/**
 * What in the metadata of a Parquet file contradicts itself or the size of the file.
 *
 * A decoder that trusts such counts and offsets reads without end. Source: parquet-format, parquet.thrift.
 */
export function metadataFault(
  { schema, row_groups: groups, num_rows: rows }: FileMetaData,
  fileBytes: number,
): string | undefined {
  if (!isCount(rows)) return `it has ${rows} rows`;
  const sum = groups.reduce((total, { num_rows }) => total + Number(num_rows), 0);
  if (sum !== Number(rows)) return `it names ${rows} rows, and its row groups ${sum}`;
  const columns = schema.filter(({ num_children: children }) => !children);
  const repeated = schema.some(({ repetition_type: repetition }) => repetition === 'REPEATED');
  for (const [index, group] of groups.entries()) {
    const fault = groupFault(group, columns, repeated, fileBytes - TAIL_BYTES);
    if (fault !== undefined) return `row group ${index} ${fault}`;
  }
  return undefined;
}

function groupFault(
  { columns, num_rows: rows }: RowGroup,
  wanted: readonly SchemaElement[],
  hasLists: boolean,
  endOfData: number,
): string | undefined {
  if (!isCount(rows)) return `has ${rows} rows`;
  if (columns.length !== wanted.length) {
    return `has ${columns.length} columns, and the schema ${wanted.length}`;
  }
  const faults = columns.map(({ meta_data: column }, index) => {
    if (!column) return `has no metadata of column ${index}`;
    const fault = columnFault(column, Number(rows), hasLists, endOfData);
    if (fault !== undefined) return `has column ${index} ${fault}`;
    return column.type === wanted[index]?.type ? undefined : `has column ${index} of another type`;
  });
  return faults.find((fault) => fault !== undefined);
}

function columnFault(
  column: ColumnMetaData,
  rows: number,
  hasLists: boolean,
  endOfData: number,
): string | undefined {
  const { num_values: values, total_compressed_size: bytes } = column;
  const start = Number(column.dictionary_page_offset || column.data_page_offset);
  const isWithin = isCount(bytes) && start >= HEAD_BYTES && start + Number(bytes) <= endOfData;
  if (!isWithin) return 'outside of the file';
  const isWhole = hasLists ? isCount(values) : Number(values) === rows;
  return isWhole ? undefined : `with ${values} values of ${rows} rows`;
}

const isCount = (value: bigint): boolean => Number.isSafeInteger(Number(value)) && value >= 0n;
