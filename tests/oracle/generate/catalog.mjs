// PostgreSQL's own functions and operators, indexed by what they yield.

import { LITERALS, plain } from './types.mjs';

const BAD = /^(internal|cstring|trigger|event_trigger|language_handler|fdw_handler|index_am_handler|table_am_handler|tsm_handler|pg_ddl_command|record\[\]|void)$/;

/** Names that applications use: chosen half of the time. */
const EVERYDAY = new Set(`lower upper length char_length trim btrim ltrim rtrim substr substring replace concat concat_ws left right lpad rpad
 split_part string_agg array_agg count sum avg min max round floor ceil ceiling abs mod power sqrt random now date_trunc date_part age extract
 to_char to_date to_timestamp to_number coalesce jsonb_build_object jsonb_agg jsonb_object_agg json_build_object json_agg to_json to_jsonb row_to_json
 jsonb_array_elements jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_set jsonb_extract_path jsonb_extract_path_text jsonb_array_length
 jsonb_typeof array_length array_append array_prepend array_cat array_position array_remove array_to_string string_to_array unnest cardinality
 generate_series gen_random_uuid md5 encode decode regexp_replace regexp_match regexp_matches regexp_split_to_array format quote_ident initcap
 strpos position starts_with reverse repeat greatest least row_number rank dense_rank lag lead first_value last_value nth_value ntile percent_rank
 cume_dist bool_and bool_or every stddev variance percentile_cont percentile_disc mode setval nextval currval to_tsvector to_tsquery plainto_tsquery
 websearch_to_tsquery ts_rank ts_headline make_date make_interval justify_days date_bin bit_and bit_or corr jsonb_pretty jsonb_strip_nulls
 json_object json_array_elements json_each array_fill array_dims lower_inc isempty range_merge int4range tstzrange daterange host network family
 pg_typeof clock_timestamp current_setting obj_description width_bucket trunc sign exp ln log mod any_value cbrt overlay translate ascii chr
 string_to_table regexp_count regexp_substr num_nulls num_nonnulls upper_inf lower_inf range_agg xmlagg isfinite timezone`.split(/\s+/));

const POLY = new Set(['anyelement', 'anyarray', 'anynonarray', 'anyenum', 'anyrange', 'anymultirange', 'anycompatible', 'anycompatiblearray', 'anycompatiblenonarray', 'anycompatiblerange', 'anycompatiblemultirange']);
const isPoly = (type) => POLY.has(type);

/** Types that have literals here, and what can be made of them. */
const KNOWN = new Set(['record', '"any"', 'character', 'bit', 'oidvector', ...POLY, ...Object.keys(LITERALS).flatMap((it) => [plain(it), `${plain(it)}[]`])]);

export async function load(ask) {
  const rows = async (sql) => (await ask({ op: 'exec', sql })).rows;
  const functions = (await rows(`select proname, prokind, (select string_agg(format_type(t, null), ';' order by i) from unnest(proargtypes) with ordinality x(t, i)),
      format_type(prorettype, null), proretset, provariadic <> 0, pronargdefaults, coalesce((select aggkind || aggnumdirectargs from pg_aggregate where aggfnoid = p.oid), ''),
      array_to_string(proargmodes, ','), array_to_string(proargnames, ',')
      from pg_proc p where oid < 16384 and pronamespace = 11 and prokind <> 'p' order by oid`)).map((r) => ({
    name: r[0], kind: r[1], args: r[2] ? r[2].split(';') : [], ret: r[3], set: r[4] === 't', variadic: r[5] === 't', defaults: Number(r[6]), agg: r[7],
    out: r[8] !== null && r[8] !== '', names: r[9] ? r[9].split(',') : [],
  })).filter((f) => !BAD.test(f.ret) && f.args.every((t) => KNOWN.has(t)) && /^[a-z_][a-z0-9_]*$/.test(f.name));
  const operators = (await rows(`select oprname, case when oprleft = 0 then null else format_type(oprleft, null) end, format_type(oprright, null), format_type(oprresult, null)
      from pg_operator where oid < 16384 order by oid`)).map((r) => ({ name: r[0], args: r[1] === null ? [r[2]] : [r[1], r[2]], ret: r[3] }))
    .filter((f) => !BAD.test(f.ret) && f.args.every((t) => KNOWN.has(t)));
  const index = (list) => {
    const res = new Map();
    for (const it of list) {
      const key = isPoly(it.ret) ? 'poly' : it.ret;
      if (!res.has(key)) res.set(key, []);
      res.get(key).push(it);
    }
    return res;
  };
  const scalar = functions.filter((f) => f.kind === 'f' && !f.set && f.ret !== 'record');
  const aggregates = functions.filter((f) => f.kind === 'a');
  return {
    functions, operators,
    scalar: index(scalar), everyday: index(scalar.filter((f) => EVERYDAY.has(f.name))),
    aggregates: index(aggregates.filter((f) => f.agg.startsWith('n'))), ordered: aggregates.filter((f) => !f.agg.startsWith('n')),
    windows: index(functions.filter((f) => f.kind === 'w')),
    sets: functions.filter((f) => f.set && f.kind === 'f'), everydaySets: functions.filter((f) => f.set && EVERYDAY.has(f.name)),
    operatorsBy: index(operators),
    all: [...new Set(functions.map((f) => f.name))], allOperators: [...new Set(operators.map((f) => f.name))],
  };
}

/** A candidate of `index` that yields `type`, with its polymorphic types decided: `{name, args}`. */
export function yielding(random, index, type, types) {
  const exact = index.get(type) ?? [];
  const poly = index.get('poly') ?? [];
  const list = !poly.length || (exact.length && random.chance(0.8)) ? exact : poly;
  if (!list.length) return null;
  const it = random.one(list);
  let element = random.one(types);
  if (isPoly(it.ret)) {
    if (/array$/.test(it.ret) && !/nonarray/.test(it.ret)) {
      if (!type.endsWith('[]')) return null;
      element = type.slice(0, -2);
    } else if (/range$/.test(it.ret)) {
      if (!/range$/.test(type)) return null;
      element = 'integer';
    } else element = type;
  }
  const bind = (t) => {
    if (!isPoly(t)) return t === '"any"' ? random.one(types) : t;
    if (/nonarray$/.test(t)) return element;
    if (/array$/.test(t)) return element.endsWith('[]') ? 'integer[]' : `${element}[]`;
    if (/multirange$/.test(t)) return 'int4multirange';
    if (/range$/.test(t)) return 'int4range';
    return element;
  };
  return { ...it, args: it.args.map(bind) };
}
