/*
 * The words of drizzle that mean the same on both databases: what queries are written in. One module
 * speaks to the package, because every further import of it makes Node read its long list of exports.
 */
export {
  aliasedTable,
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  max,
  min,
  ne,
  notExists,
  notInArray,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
