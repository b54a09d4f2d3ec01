//! Random queries over the tables of `tests/nullable.rs`: outer joins, set operations, WITH, aggregates, windows, CASE.

use super::pick::{self, Pick};
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ty {
    Int,
    Text,
    Bool,
    Json,
    Ints,
}

const TYPES: [Ty; 4] = [Ty::Int, Ty::Text, Ty::Bool, Ty::Json];

/// What a name of the FROM list gives.
#[derive(Clone)]
struct Item {
    alias: String,
    columns: Vec<(String, Ty)>,
}

pub struct Generator {
    state: u64,
    n_names: u32,
    /// Names of WITH that can be read.
    ctes: Vec<Item>,
}

fn columns(list: &[(&str, Ty)]) -> Vec<(String, Ty)> {
    list.iter().map(|it| (it.0.to_owned(), it.1)).collect()
}

impl Pick for Generator {
    fn state(&mut self) -> &mut u64 {
        &mut self.state
    }
}

impl Generator {
    pub fn new(seed: u64) -> Generator {
        Generator { state: pick::state(seed), n_names: 0, ctes: Vec::new() }
    }

    fn name(&mut self) -> String {
        self.n_names += 1;
        format!("x{}", self.n_names)
    }

    pub fn query(&mut self) -> String {
        self.n_names = 0;
        self.ctes.clear();
        let mut with = Vec::new();
        for _ in 0..[0, 0, 0, 1, 2][self.below(5)] {
            let name = self.name();
            let types: Vec<Ty> = (0..2).map(|_| TYPES[self.below(4)]).collect();
            let body = if self.chance(20) {
                let first = self.select(&[Ty::Int, Ty::Int], &[], 1);
                let step = self.one(&["p + 1, q", "p + 1, null::int", "p + 1, nullif(q, 1)"]);
                with.push(format!(
                    "{name} (p, q) as ({first} union all select {step} from {name} where p < 5)"
                ));
                self.ctes.push(Item { alias: name, columns: columns(&[("p", Ty::Int), ("q", Ty::Int)]) });
                continue;
            } else {
                self.body(&types, 1)
            };
            with.push(format!("{name} (p, q) as ({body})"));
            let columns = vec![("p".to_owned(), types[0]), ("q".to_owned(), types[1])];
            self.ctes.push(Item { alias: name, columns });
        }
        let n_targets = 1 + self.below(3);
        let types: Vec<Ty> = (0..n_targets).map(|_| TYPES[self.below(4)]).collect();
        let body = self.body(&types, 2);
        let with =
            if with.is_empty() { String::new() } else { format!("with recursive {} ", with.join(", ")) };
        format!("{with}{body}")
    }

    /// A SELECT, or several put together.
    fn body(&mut self, types: &[Ty], depth: u32) -> String {
        match self.below(10) {
            0 | 1 if !types.contains(&Ty::Json) => {
                let (left, right) = (self.select(types, &[], depth), self.select(types, &[], depth));
                let op = self.one(&["union", "union all", "intersect", "except", "except all"]);
                format!("({left}) {op} ({right})")
            }
            2 => {
                let row = |it: &mut Self| {
                    let cells: Vec<String> = types.iter().map(|ty| it.constant(*ty)).collect();
                    format!("({})", cells.join(", "))
                };
                format!("values {}, {}", row(self), row(self))
            }
            _ => self.select(types, &[], depth),
        }
    }

    fn constant(&mut self, ty: Ty) -> String {
        self.one(match ty {
            Ty::Int => &["1", "0", "null::int", "7"],
            Ty::Text => &["'x'", "''", "null::text"],
            Ty::Bool => &["true", "false", "null::boolean"],
            Ty::Json => &["'{}'::jsonb", "'null'::jsonb", "null::jsonb"],
            Ty::Ints => &["'{}'::int[]", "array[1]", "null::int[]"],
        })
        .to_owned()
    }

    fn table(&mut self) -> (String, Item) {
        let alias = self.name();
        if !self.ctes.is_empty() && self.chance(35) {
            let at = self.below(self.ctes.len());
            let cte = self.ctes[at].clone();
            return (format!("{} {alias}", cte.alias), Item { alias, columns: cte.columns });
        }
        let both = [
            ("id", Ty::Int),
            ("n", Ty::Int),
            ("m", Ty::Int),
            ("t", Ty::Text),
            ("u", Ty::Text),
            ("b", Ty::Bool),
            ("c", Ty::Bool),
            ("arr", Ty::Ints),
            ("j", Ty::Json),
        ];
        match self.below(9) {
            0..=2 => {
                let mut list = columns(&both);
                list.push(("k".to_owned(), Ty::Json));
                (format!("a {alias}"), Item { alias, columns: list })
            }
            3 | 4 => {
                let mut list = columns(&both);
                list.push(("a_id".to_owned(), Ty::Int));
                (format!("b {alias}"), Item { alias, columns: list })
            }
            5 => (format!("e {alias}"), Item { alias, columns: columns(&both[..5]) }),
            6 => {
                let list =
                    [("id", Ty::Int), ("n", Ty::Int), ("bn", Ty::Int), ("bt", Ty::Text), ("cu", Ty::Text)];
                (format!("v {alias}"), Item { alias, columns: columns(&list) })
            }
            7 => {
                let rows = self.one(&["(1, 'x'), (2, null)", "(1, 'x')", "(null::int, 'x'), (3, 'y')"]);
                let item =
                    Item { alias: alias.clone(), columns: columns(&[("p", Ty::Int), ("q", Ty::Text)]) };
                (format!("(values {rows}) {alias} (p, q)"), item)
            }
            _ => {
                let source = self.one(&[
                    "generate_series(1, 3)",
                    "unnest(array[1, null, 3])",
                    "unnest(array[1, 2])",
                    "jsonb_array_length('[1]')",
                ]);
                let item = Item { alias: alias.clone(), columns: columns(&[("p", Ty::Int)]) };
                (format!("{source} {alias} (p)"), item)
            }
        }
    }

    /// A FROM list and what it gives.
    fn from(&mut self, outer: &[Item], depth: u32) -> (String, Vec<Item>) {
        let (mut text, item) = self.table();
        let mut items = vec![item];
        for _ in 0..self.below(3) {
            let kind = self.one(&["join", "left join", "right join", "full join", "left join", "cross join"]);
            if depth > 0 && self.chance(15) && matches!(kind, "left join" | "cross join" | "join") {
                let alias = self.name();
                let mut visible = outer.to_vec();
                visible.extend(items.iter().cloned());
                let query = self.select(&[Ty::Int, Ty::Text], &visible, 0);
                let on = if kind == "cross join" { "" } else { " on true" };
                text = format!("{text} {kind} lateral ({query}) {alias} (p, q){on}");
                items.push(Item { alias, columns: columns(&[("p", Ty::Int), ("q", Ty::Text)]) });
                continue;
            }
            let (other, item) = self.table();
            if kind == "cross join" {
                text = format!("{text} {kind} {other}");
                items.push(item);
                continue;
            }
            let shared = |it: &Item| it.columns.iter().any(|it| it.0 == "n");
            if items.len() == 1 && shared(&items[0]) && shared(&item) && self.chance(25) {
                text = format!("{text} {kind} {other} using (n)");
                items.push(item);
                let merged = Item { alias: String::new(), columns: columns(&[("n", Ty::Int)]) };
                items.push(merged);
                continue;
            }
            // FULL JOIN can only merge or hash.
            let (left, right) =
                (self.column(&items, Ty::Int), self.column(std::slice::from_ref(&item), Ty::Int));
            text = format!("{text} {kind} {other} on {left} = {right}");
            items.push(item);
        }
        (text, items)
    }

    fn column(&mut self, items: &[Item], ty: Ty) -> String {
        let found: Vec<String> = items
            .iter()
            .flat_map(|item| item.columns.iter().filter(|it| it.1 == ty).map(move |it| (item, &it.0)))
            .map(
                |(item, name)| {
                    if item.alias.is_empty() { name.clone() } else { format!("{}.{name}", item.alias) }
                },
            )
            .collect();
        if found.is_empty() {
            return self.constant(ty);
        }
        let at = self.below(found.len());
        found[at].clone()
    }

    fn select(&mut self, types: &[Ty], outer: &[Item], depth: u32) -> String {
        let (from, mut items) = self.from(outer, depth);
        items.extend(outer.iter().cloned());
        let grouped = self.chance(30);
        let where_ = if self.chance(40) {
            format!(" where {}", self.expr(Ty::Bool, &items, 1))
        } else {
            String::new()
        };
        if !grouped {
            let targets: Vec<String> = types.iter().map(|ty| self.target(*ty, &items, depth + 1)).collect();
            let distinct = if self.chance(8) && !types.contains(&Ty::Json) { "distinct " } else { "" };
            let limit = if outer.is_empty() { String::new() } else { " limit 1".to_owned() };
            return format!("select {distinct}{} from {from}{where_}{limit}", targets.join(", "));
        }
        let own = items.len() - outer.len();
        let keys: Vec<(String, Ty)> = (0..self.below(3))
            .map(|_| {
                let ty = [Ty::Int, Ty::Text, Ty::Bool][self.below(3)];
                (self.column(&items[..own], ty), ty)
            })
            .filter(|it| it.0.contains('.'))
            .collect();
        let targets: Vec<String> = types.iter().map(|ty| self.aggregate(*ty, &items[..own], &keys)).collect();
        let list: Vec<&str> = keys.iter().map(|it| it.0.as_str()).collect();
        let group = if list.is_empty() {
            String::new()
        } else {
            match self.below(5) {
                0 => format!(" group by rollup ({})", list.join(", ")),
                1 => format!(" group by cube ({})", list.join(", ")),
                2 => format!(" group by grouping sets (({}), ())", list.join(", ")),
                _ => format!(" group by {}", list.join(", ")),
            }
        };
        let having = if self.chance(15) {
            self.one(&[" having count(*) > 1", " having true", " having count(*) >= 0"])
        } else {
            ""
        };
        let limit = if outer.is_empty() { "" } else { " limit 1" };
        format!("select {} from {from}{where_}{group}{having}{limit}", targets.join(", "))
    }

    fn target(&mut self, ty: Ty, items: &[Item], depth: u32) -> String {
        if ty == Ty::Int && self.chance(12) {
            let arg = self.column(items, Ty::Int);
            let call = self.one(&[
                "row_number()",
                "rank()",
                "lag(@)",
                "lead(@, 1, 0)",
                "first_value(@)",
                "nth_value(@, 2)",
                "sum(@)::int",
                "count(@)",
                "ntile(2)",
                "count(*) filter (where false)",
                "max(@)",
                "last_value(@)",
                "min(@) filter (where @ > 1)",
            ]);
            let order = self.column(items, Ty::Int);
            let frame = self.one(&[
                "",
                "",
                " rows between 1 following and 2 following",
                " rows between 2 preceding and 1 preceding",
            ]);
            return format!("({} over (order by {order}{frame}))::int", call.replace('@', &arg));
        }
        self.expr(ty, items, depth)
    }

    fn aggregate(&mut self, ty: Ty, items: &[Item], keys: &[(String, Ty)]) -> String {
        if let Some(key) = keys.iter().find(|it| it.1 == ty)
            && self.chance(50)
        {
            return key.0.clone();
        }
        let mut arg = |ty| self.expr(ty, items, 1);
        let (int, text, flag) = (arg(Ty::Int), arg(Ty::Text), arg(Ty::Bool));
        let filter = if self.chance(15) { " filter (where false)" } else { "" };
        match ty {
            Ty::Int => {
                let call = self.one(&[
                    "count(*)",
                    "count(@)",
                    "max(@)",
                    "min(@)",
                    "sum(@)",
                    "avg(@)",
                    "coalesce(sum(@), 0)",
                    "stddev(@)",
                    "mode() within group (order by @)",
                    "percentile_disc(0.5) within group (order by @)",
                    "bit_and(@)",
                    "sum(distinct @)",
                ]);
                if call.contains("coalesce") {
                    return format!("{}::int", call.replace('@', &int));
                }
                format!("({}{filter})::int", call.replace('@', &int))
            }
            Ty::Text => {
                let call = self.one(&["max(@)", "string_agg(@, ',')", "min(@)", "string_agg(@, null)"]);
                format!("{}{filter}", call.replace('@', &text))
            }
            Ty::Bool => format!("{}({flag}){filter}", self.one(&["bool_and", "bool_or", "every"])),
            Ty::Json => {
                let call = self.one(&["jsonb_agg(@)", "jsonb_object_agg('k', @)", "to_jsonb(array_agg(@))"]);
                if call.starts_with("to_jsonb") {
                    return call.replace('@', &text);
                }
                format!("{}{filter}", call.replace('@', &text))
            }
            Ty::Ints => format!("array_agg({int}){filter}"),
        }
    }

    fn expr(&mut self, ty: Ty, items: &[Item], depth: u32) -> String {
        if depth == 0 || self.chance(25) {
            return if self.chance(85) { self.column(items, ty) } else { self.constant(ty) };
        }
        if self.chance(8) {
            let query = self.select(&[ty], items, 0);
            return format!("({query})");
        }
        let mut sub = |ty| self.expr(ty, items, depth - 1);
        let (int, int2, text, text2) = (sub(Ty::Int), sub(Ty::Int), sub(Ty::Text), sub(Ty::Text));
        let (flag, flag2, json, ints) = (sub(Ty::Bool), sub(Ty::Bool), sub(Ty::Json), sub(Ty::Ints));
        let (mine, mine2) = (sub(ty), sub(ty));
        let common = [
            "coalesce(@1, @2)",
            "case when @f then @1 else @2 end",
            "case when @f then @1 end",
            "nullif(@1, @2)",
            "case @i when 1 then @1 when @k then @2 end",
            "(@1)",
        ];
        let own: &[&str] = match ty {
            Ty::Int => &[
                "@i + @k",
                "- @i",
                "abs(@i)",
                "length(@t)",
                "array_length(@r, 1)",
                "cardinality(@r)",
                "(@r)[1]",
                "(@j ->> 'n')::int",
                "greatest(@i, @k)",
                "least(@i, @k)",
                "position('x' in @t)",
                "strpos(@t, @s)",
                "extract(year from now())::int",
                "upper(int4range(1, @i * @i + 1))",
                "lower(int4range(null, 5))",
                "upper(int4range(1, null))",
                "round(@i)::int",
                "sign(@i)::int",
                "num_nulls(@i, @t)",
                "jsonb_array_length(jsonb_build_array(@i))",
                "width_bucket(@i, 0, 10, 2)",
                "ascii(@t)",
                "cast(@i as int)",
                "array_position(@r, @i)",
                "@i # @k",
                "@i % 3",
            ],
            Ty::Text => &[
                "lower(@t)",
                "upper(@t)",
                "@t || @s",
                "concat(@t, @i)",
                "substring(@t from '(z+)')",
                "substring(@t from 1 for 2)",
                "substring(@t, 'q')",
                "split_part(@t, 'b', 1)",
                "@j ->> 'a'",
                "@j #>> '{b,c}'",
                "replace(@t, 'x', @s)",
                "trim(@t)",
                "left(@t, 1)",
                "to_char(now(), @t)",
                "concat_ws(',', @t, @s)",
                "concat_ws(@t, 'a')",
                "array_to_string(@r, ',')",
                "@i::text",
                "format('%s', @t)",
                "md5(@t)",
                "regexp_replace(@t, 'x', 'y')",
                "(regexp_match(@t, 'x'))[1]",
                "quote_literal(@t)",
                "quote_nullable(@t)",
                "jsonb_typeof(@j)",
                "repeat(@t, 2)",
                "btrim(@t, @s)",
                "@t collate \"C\"",
                "current_user::text",
                "nullif(trim(@t), '')",
                "reverse(@t)",
                "lpad(@t, 3, @s)",
                "translate(@t, 'a', 'b')",
                "@f::text",
                "@j::text",
                "overlay(@t placing 'x' from 1)",
            ],
            Ty::Bool => &[
                "@i = @k",
                "@i < @k",
                "@t like @s",
                "@t is null",
                "@i is not null",
                "not @f",
                "@f and @g",
                "@f or @g",
                "@i is distinct from @k",
                "@i between @k and 5",
                "@i in (1, @k)",
                "@i not in (1, null)",
                "@i = any(@r)",
                "@i <> all(@r)",
                "@j ? 'a'",
                "@j @> '{}'",
                "exists (select 1 from e where e.n = @i)",
                "@f is true",
                "@f is unknown",
                "@i in (select e.n from e)",
                "@i in (select b.m from b)",
                "(@i, @k) = (1, 2)",
                "@t ~ 'x'",
                "@t ilike 'X%'",
                "starts_with(@t, 'x')",
                "row(@i, @k) is null",
                "@j @? '$.a'",
                "@j @@ '$.a == 1'",
                "(@i, @t) in (select b.n, b.u from b)",
                "@r && array[1]",
                "@r @> array[@i]",
                "isfinite(now())",
                "@i > any(select b.m from b)",
                "@i = all(select b.m from b)",
            ],
            Ty::Json => &[
                "@j -> 'a'",
                "@j #> '{a}'",
                "@j || '{}'::jsonb",
                "@j - 'a'",
                "to_jsonb(@i)",
                "jsonb_build_object('a', @t)",
                "jsonb_build_array(@i)",
                "jsonb_strip_nulls(@j)",
                "jsonb_set(@j, '{a}', @o)",
                "jsonb_path_query_first(@j, '$.a')",
                "row_to_json(row(@i))::jsonb",
                "to_jsonb(row(@i))",
                "@j -> 0",
                "jsonb_extract_path(@j, 'a')",
                "(@j)['a']",
                "to_jsonb(@r)",
                "json_object('a': @t)::jsonb",
                "json_query(@j, '$.a')",
            ],
            Ty::Ints => &[
                "array[@i, @k]",
                "array_append(@r, @i)",
                "@r || @i",
                "(@r)[1:1]",
                "string_to_array(@t, ',')::int[]",
                "array(select b.m from b)",
                "array_remove(@r, 1)",
            ],
        };
        let pick = self.below(own.len() + common.len());
        let template = if pick < own.len() { own[pick] } else { common[pick - own.len()] };
        let mut res = String::from("(");
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('@') {
            res.push_str(before);
            let mut chars = after.chars();
            let value = match chars.next() {
                Some('1') => &mine,
                Some('2') => &mine2,
                Some('i') => &int,
                Some('k') => &int2,
                Some('t') => &text,
                Some('s') => &text2,
                Some('f') => &flag,
                Some('g') => &flag2,
                Some('j' | 'o') => &json,
                Some('r') => &ints,
                // `@>`, `@?`, `@@`: operators.
                Some(other) => {
                    res.push('@');
                    res.push(other);
                    rest = chars.as_str();
                    continue;
                }
                None => break,
            };
            res.push_str(value);
            rest = chars.as_str();
        }
        res.push_str(rest);
        res.push(')');
        if ty == Ty::Json && template.starts_with("nullif") {
            return json;
        }
        res
    }
}
