// The words of PostgreSQL that get a colour of their own. Any word may be a name;
// these seldom are, the words of OBJECTS only behind CREATE, ALTER, DROP and ON.
export const KEYWORDS = `
  add after all alter always analyse analyze and any array as asc asymmetric at atomic before begin between both by
  cascade case cast check close cluster collate column commit concurrently conflict constraint create cross cube
  deallocate declare default deferrable deferred delete desc detach disable discard distinct do drop each else
  enable end escape except exclude excluded execute exists explain extension fetch filter first following for
  foreign from full generated global grant group grouping groups having identity if ilike immediate immutable in
  index inherit inherits initially inner insert instead intersect into is isnull join lateral leading leakproof left
  like limit listen lock locked logged materialized merge minvalue maxvalue natural no not nothing notify notnull
  nowait nulls of off offset on only option or order ordinality out outer over overlaps overriding parallel
  partition placing preceding prepare primary privileges read recursive references reindex release rename repeatable
  reset restart restrict restrictive permissive returning returns revoke right rollback rollup row rows savepoint
  select serializable session set sets some stable start stored strict symmetric table tablesample temp temporary
  then ties to trailing transaction trim truncate unbounded union unique unlisten unlogged until update using vacuum
  validate values variadic view volatile when where window with within without write
`;

export const OBJECTS = `
  aggregate cast collation column comment conversion database domain event extension foreign function index language
  materialized operator policy procedure publication role routine rule schema sequence server statistics subscription
  table tablespace temp temporary trigger type unique unlogged user view
`;

export const CONSTANTS = `
  true false null current_catalog current_date current_role current_schema current_time current_timestamp
  current_user localtime localtimestamp session_user
`;

export const TYPES = `
  bigint bigserial bit bool boolean bytea char character cidr citext date daterange float float4 float8 geography
  geometry halfvec hstore inet int int2 int4 int4range int8 int8range integer interval json jsonb lseg macaddr
  macaddr8 numeric numrange oid polygon real record regclass regproc regtype serial smallint smallserial sparsevec
  text time timestamp timestamptz timetz tsquery tsrange tstzrange tsvector uuid varbit varchar void xml
`;
