import { ConfigProvider, Table, type TableProps } from 'antd';
import type { ReactNode } from 'react';

export type Columns<T> = NonNullable<TableProps<T>['columns']>;

/** Inline padding of cells in pixels where room is short, and of the outer ones, which follow the panel's edges. */
const DENSE_PADDING_PX = 7;
const EDGE_PADDING_PX = 16;

interface DataTableProps<T> {
  /** What the rows are, for those who hear the table. */
  readonly label: string;
  readonly columns: Columns<T>;
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly empty?: ReactNode;
  /** Rows a page; all rows at once without it. */
  readonly pageSize?: number;
  /** With less room between the columns, for narrow panels. */
  readonly dense?: boolean;
}

/** Keeps the outer columns at the panel's edges, however close the others are. */
const atEdge = <T,>(columns: Columns<T>): Columns<T> =>
  columns.map((column, index) => {
    const start = index === 0 ? { paddingInlineStart: EDGE_PADDING_PX } : {};
    const end = index === columns.length - 1 ? { paddingInlineEnd: EDGE_PADDING_PX } : {};
    const cell = () => ({ style: { ...start, ...end } });
    return { ...column, onCell: cell, onHeaderCell: cell };
  });

/** A table that scrolls sideways by itself on narrow screens. */
export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { label, columns, rows, rowKey, empty, pageSize, dense = false } = props;
  const table = (
    <Table<T>
      aria-label={label}
      size="small"
      columns={dense ? atEdge(columns) : columns}
      dataSource={rows}
      rowKey={rowKey}
      scroll={{ x: 'max-content' }}
      pagination={
        pageSize !== undefined && rows.length > pageSize ? { pageSize, showSizeChanger: false, size: 'small' } : false
      }
      locale={{ emptyText: empty }}
    />
  );
  if (!dense) return table;
  return (
    <ConfigProvider theme={{ components: { Table: { cellPaddingInlineSM: DENSE_PADDING_PX } } }}>
      {table}
    </ConfigProvider>
  );
}
