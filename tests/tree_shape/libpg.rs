//! libpg_query's tree as JSON → the canonical picture.

use serde_json::Value;

fn kind(node: &Value) -> Option<(&str, &Value)> {
    let object = node.as_object()?;
    if object.len() != 1 {
        return None;
    }
    let (name, value) = object.iter().next()?;
    name.starts_with(|c: char| c.is_ascii_uppercase()).then_some((name.as_str(), value))
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], |it| it.as_slice())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

fn flag(value: &Value) -> bool {
    value.as_bool().unwrap_or(false)
}

fn strings(list: &Value) -> Vec<String> {
    items(list)
        .iter()
        .map(|it| match kind(it) {
            Some(("String", it)) => text(&it["sval"]).to_owned(),
            Some(("A_Star", _)) => "*".into(),
            _ => "?".into(),
        })
        .collect()
}

fn dotted(list: &Value) -> String {
    strings(list).join(".")
}

fn exprs(list: &Value) -> String {
    items(list).iter().map(|it| format!(" {}", expr(it))).collect()
}

fn type_name(ty: &Value) -> String {
    let mut res = dotted(&ty["names"]);
    if ty["typmods"].is_array() {
        res += &format!("[mods{}]", exprs(&ty["typmods"]));
    }
    for _ in items(&ty["arrayBounds"]) {
        res += "[]";
    }
    if flag(&ty["setof"]) {
        res = format!("setof {res}");
    }
    if flag(&ty["pct_type"]) {
        res += "%type";
    }
    res
}

/// A number as PostgreSQL reads it later: an integer of any base if it fits in 64 bits.
pub fn number(source: &str) -> String {
    let source = source.replace('_', "");
    let (sign, digits) = source.strip_prefix('-').map_or(("", source.as_str()), |it| ("-", it));
    let radix = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    let body = if radix == 10 { digits } else { &digits[2..] };
    match i64::from_str_radix(&format!("{sign}{body}"), radix) {
        Ok(value) => value.to_string(),
        Err(_) => format!("n:{source}"),
    }
}

fn constant(it: &Value) -> String {
    if flag(&it["isnull"]) {
        "null".into()
    } else if let Some(value) = it.get("ival") {
        value["ival"].as_i64().unwrap_or(0).to_string()
    } else if let Some(value) = it.get("fval") {
        number(text(&value["fval"]))
    } else if let Some(value) = it.get("boolval") {
        flag(&value["boolval"]).to_string()
    } else if let Some(value) = it.get("bsval") {
        format!("b:{}", text(&value["bsval"]))
    } else {
        format!("{:?}", text(&it["sval"]["sval"]))
    }
}

pub fn expr(node: &Value) -> String {
    let Some((name, it)) = kind(node) else { return format!("?{node}") };
    match name {
        "A_Const" => constant(it),
        "Integer" => it["ival"].as_i64().unwrap_or(0).to_string(),
        "ColumnRef" => {
            let parts = strings(&it["fields"]);
            match parts.split_last() {
                Some((last, rest)) if last == "*" => format!("(star {})", rest.join(".")),
                _ => format!("(col {})", parts.join(".")),
            }
        }
        "ParamRef" => format!("${}", it["number"].as_i64().unwrap_or(0)),
        "TypeCast" => format!("(cast {} {})", expr(&it["arg"]), type_name(&it["typeName"])),
        "A_Expr" => operator(it),
        "BoolExpr" => {
            let op = text(&it["boolop"]).trim_end_matches("_EXPR").to_ascii_lowercase();
            format!("({op}{})", exprs(&it["args"]))
        }
        "NullTest" => {
            let not = if text(&it["nulltesttype"]) == "IS_NOT_NULL" { "not-" } else { "" };
            format!("(is {not}Null {})", expr(&it["arg"]))
        }
        "BooleanTest" => {
            let test = text(&it["booltesttype"]).trim_start_matches("IS_");
            let (not, test) = test.strip_prefix("NOT_").map_or(("", test), |it| ("not-", it));
            let test = format!("{}{}", &test[..1], test[1..].to_ascii_lowercase());
            format!("(is {not}{test} {})", expr(&it["arg"]))
        }
        "JsonIsPredicate" => format!("(is Json {})", expr(&it["expr"])),
        "FuncCall" => call(it),
        "SubLink" => sublink(it),
        "CaseExpr" => {
            let whens: String = items(&it["args"])
                .iter()
                .map(|it| {
                    let it = &it["CaseWhen"];
                    format!(" (when {} {})", expr(&it["expr"]), expr(&it["result"]))
                })
                .collect();
            let operand = it.get("arg").map_or(String::new(), |it| format!(" {}", expr(it)));
            let default = it.get("defresult").map_or(String::new(), |it| format!(" (else {})", expr(it)));
            format!("(case{operand}{whens}{default})")
        }
        "CoalesceExpr" => format!("(coalesce{})", exprs(&it["args"])),
        "MinMaxExpr" => {
            let op = if text(&it["op"]) == "IS_LEAST" { "least" } else { "greatest" };
            format!("({op}{})", exprs(&it["args"]))
        }
        "SQLValueFunction" => {
            let name = text(&it["op"]).trim_start_matches("SVFOP_").trim_end_matches("_N");
            match it["typmod"].as_i64().unwrap_or(0) {
                -1 => format!("(value {name})"),
                precision => format!("(value {name} {precision})"),
            }
        }
        "RowExpr" => {
            let explicit = if text(&it["row_format"]) == "COERCE_EXPLICIT_CALL" { "ROW" } else { "" };
            format!("(row{explicit}{})", exprs(&it["args"]))
        }
        "A_ArrayExpr" => format!("(array{})", exprs(&it["elements"])),
        "A_Indirection" => {
            format!("(at {}{})", expr(&it["arg"]), indirection(&it["indirection"]))
        }
        "CollateClause" => format!("(collate {} {})", expr(&it["arg"]), dotted(&it["collname"])),
        "GroupingFunc" => format!("(grouping{})", exprs(&it["args"])),
        "NamedArgExpr" => format!("(named {} {})", text(&it["name"]), expr(&it["arg"])),
        "SetToDefault" => "default".into(),
        "CurrentOfExpr" => format!("(current-of {})", text(&it["cursor_name"])),
        "MergeSupportFunc" => "(fn MERGE_ACTION)".into(),
        "XmlExpr" => xml(it),
        "XmlSerialize" => {
            format!("(fn XMLSERIALIZE {} returning {})", expr(&it["expr"]), type_name(&it["typeName"]))
        }
        it if it.starts_with("Json") => json(it, &node[it]),
        "List" => format!("(list{})", exprs(&it["items"])),
        _ => format!("?{name}"),
    }
}

fn indirection(list: &Value) -> String {
    items(list)
        .iter()
        .map(|it| match kind(it) {
            Some(("String", it)) => format!(" .{}", text(&it["sval"])),
            Some(("A_Star", _)) => " .*".into(),
            Some(("A_Indices", it)) => {
                let side = |name: &str| it.get(name).map_or(String::new(), expr);
                match flag(&it["is_slice"]) {
                    true => format!(" [{}:{}]", side("lidx"), side("uidx")),
                    false => format!(" [{}]", side("uidx")),
                }
            }
            _ => " ?".into(),
        })
        .collect()
}

fn list_items(node: &Value) -> &[Value] {
    items(&node["List"]["items"])
}

fn operator(it: &Value) -> String {
    let name = dotted(&it["name"]);
    let lhs = it.get("lexpr").map_or(String::new(), expr);
    let rhs = it.get("rexpr").map_or(String::new(), expr);
    let pattern = |function: &str| {
        let call = &it["rexpr"]["FuncCall"];
        let is_escape = call.is_object() && dotted(&call["funcname"]) == format!("pg_catalog.{function}");
        if is_escape { exprs(&call["args"]) } else { format!(" {rhs}") }
    };
    match text(&it["kind"]) {
        "AEXPR_OP" if lhs.is_empty() => format!("({name} {rhs})"),
        "AEXPR_OP" => format!("({name} {lhs} {rhs})"),
        "AEXPR_OP_ANY" => format!("(any {name} {lhs} {rhs})"),
        "AEXPR_OP_ALL" => format!("(all {name} {lhs} {rhs})"),
        "AEXPR_DISTINCT" => format!("(distinct {lhs} {rhs})"),
        "AEXPR_NOT_DISTINCT" => format!("(not-distinct {lhs} {rhs})"),
        "AEXPR_NULLIF" => format!("(nullif {lhs} {rhs})"),
        "AEXPR_IN" => {
            let not = if name == "<>" { "not-" } else { "" };
            let list: String = list_items(&it["rexpr"]).iter().map(|it| format!(" {}", expr(it))).collect();
            format!("({not}in {lhs}{list})")
        }
        "AEXPR_LIKE" => {
            let not = if name.starts_with('!') { "not-" } else { "" };
            format!("({not}Like {lhs}{})", pattern("like_escape"))
        }
        "AEXPR_ILIKE" => {
            let not = if name.starts_with('!') { "not-" } else { "" };
            format!("({not}ILike {lhs}{})", pattern("like_escape"))
        }
        "AEXPR_SIMILAR" => {
            let not = if name.starts_with('!') { "not-" } else { "" };
            format!("({not}SimilarTo {lhs}{})", pattern("similar_to_escape"))
        }
        between if between.contains("BETWEEN") => {
            let not = if between.contains("NOT_") { "not-" } else { "" };
            let symmetric = if between.ends_with("_SYM") { "-symmetric" } else { "" };
            let bounds: String = list_items(&it["rexpr"]).iter().map(|it| format!(" {}", expr(it))).collect();
            format!("({not}between{symmetric} {lhs}{bounds})")
        }
        kind => format!("?{kind}"),
    }
}

fn call(it: &Value) -> String {
    let name = dotted(&it["funcname"]);
    if name == "pg_catalog.is_normalized" {
        return format!("(is Normalized {})", expr(&it["args"][0]));
    }
    let mut res = format!("(call {name}{}", exprs(&it["args"]));
    for (key, word) in [("agg_star", " *"), ("agg_distinct", " distinct"), ("func_variadic", " variadic")] {
        if flag(&it[key]) {
            res += word;
        }
    }
    if it["agg_order"].is_array() {
        let word = if flag(&it["agg_within_group"]) { "within" } else { "order" };
        res += &format!(" ({word}{})", order(&it["agg_order"]));
    }
    if let Some(filter) = it.get("agg_filter") {
        res += &format!(" (filter {})", expr(filter));
    }
    if let Some(over) = it.get("over") {
        res += &format!(" (over {})", window(over));
    }
    res + ")"
}

fn order(list: &Value) -> String {
    items(list)
        .iter()
        .map(|it| {
            let it = &it["SortBy"];
            let direction = match text(&it["sortby_dir"]) {
                "SORTBY_DESC" => " desc".into(),
                "SORTBY_USING" => format!(" using {}", dotted(&it["useOp"])),
                _ => String::new(),
            };
            format!(" ({}{direction})", expr(&it["node"]))
        })
        .collect()
}

fn window(it: &Value) -> String {
    if let Some(name) = it.get("name").filter(|_| it.get("frameOptions").is_none_or(|it| it == 1058))
        && it.get("partitionClause").is_none()
        && it.get("orderClause").is_none()
    {
        return text(name).to_owned();
    }
    let mut res = format!("[{}", text(&it["refname"]));
    res += &format!(" by{} order{}", exprs(&it["partitionClause"]), order(&it["orderClause"]));
    for key in ["startOffset", "endOffset"] {
        if let Some(offset) = it.get(key) {
            res += &format!(" {}", expr(offset));
        }
    }
    res + "]"
}

fn sublink(it: &Value) -> String {
    let query = query(&it["subselect"]);
    let lhs = it.get("testexpr").map_or(String::new(), expr);
    let op = dotted(&it["operName"]);
    match text(&it["subLinkType"]) {
        "EXISTS_SUBLINK" => format!("(exists {query})"),
        "EXPR_SUBLINK" => format!("(sub {query})"),
        "ARRAY_SUBLINK" => format!("(array-sub {query})"),
        "ANY_SUBLINK" if op.is_empty() => format!("(in-query {lhs} {query})"),
        "ANY_SUBLINK" => format!("(any {op} {lhs} {query})"),
        "ALL_SUBLINK" => format!("(all {op} {lhs} {query})"),
        kind => format!("?{kind}"),
    }
}

fn sql_function(name: &str, mut args: Vec<String>, returning: Option<String>) -> String {
    args.sort();
    let args: String = args.iter().map(|it| format!(" {it}")).collect();
    let returning = returning.map_or(String::new(), |it| format!(" returning {it}"));
    format!("(fn {name}{args}{returning})")
}

fn xml(it: &Value) -> String {
    let op = text(&it["op"]).trim_start_matches("IS_");
    if op == "DOCUMENT" {
        return format!("(is Document {})", expr(&it["args"][0]));
    }
    let named = items(&it["named_args"]).iter().map(|it| expr(&it["ResTarget"]["val"]));
    let mut args: Vec<String> = items(&it["args"]).iter().map(expr).collect();
    if op == "XMLPARSE" {
        args.truncate(1);
    } else if op == "XMLROOT" {
        args.truncate(2);
        args.retain(|it| it != "null");
    }
    sql_function(op, args.into_iter().chain(named).collect(), None)
}

fn json(name: &str, it: &Value) -> String {
    let mut args = Vec::new();
    let mut returning = None;
    collect(it, &mut args, &mut returning);
    let name = match name {
        "JsonObjectConstructor" => "JSON_OBJECT",
        "JsonArrayConstructor" | "JsonArrayQueryConstructor" => "JSON_ARRAY",
        "JsonObjectAgg" => "JSON_OBJECTAGG",
        "JsonArrayAgg" => "JSON_ARRAYAGG",
        "JsonParseExpr" => "JSON",
        "JsonScalarExpr" => "JSON_SCALAR",
        "JsonSerializeExpr" => "JSON_SERIALIZE",
        _ => text(&it["op"]).trim_end_matches("_OP"),
    };
    sql_function(name, args, returning)
}

/// Every expression inside, wherever it stands.
fn collect(it: &Value, args: &mut Vec<String>, returning: &mut Option<String>) {
    match it {
        Value::Array(list) => list.iter().for_each(|it| collect(it, args, returning)),
        Value::Object(fields) => match kind(it) {
            Some(("SelectStmt", _)) => args.push(format!("(sub {})", query(it))),
            Some((name, inner))
                if [
                    "JsonKeyValue",
                    "JsonValueExpr",
                    "JsonArgument",
                    "JsonBehavior",
                    "SortBy",
                    "ResTarget",
                ]
                .contains(&name) =>
            {
                collect(inner, args, returning);
            }
            Some(_) => args.push(expr(it)),
            None => {
                for (key, value) in fields {
                    match key.as_str() {
                        "typeName" => *returning = Some(type_name(value)),
                        "returning" | "format" => {}
                        _ => collect(value, args, returning),
                    }
                }
            }
        },
        _ => {}
    }
}

fn alias(it: &Value) -> String {
    match it.get("alias") {
        Some(alias) => {
            let columns = strings(&alias["colnames"]);
            let columns = if columns.is_empty() { String::new() } else { format!("({})", columns.join(",")) };
            format!(" as {}{columns}", text(&alias["aliasname"]))
        }
        None => String::new(),
    }
}

fn relation(it: &Value) -> String {
    let parts = [&it["catalogname"], &it["schemaname"], &it["relname"]];
    let name = parts.iter().filter_map(|it| it.as_str()).collect::<Vec<_>>().join(".");
    let only = if flag(&it["inh"]) { "" } else { "only " };
    format!("{only}{name}")
}

fn definitions(list: &Value) -> String {
    items(list)
        .iter()
        .map(|it| {
            let it = &it["ColumnDef"];
            format!(" {}:{}", text(&it["colname"]), type_name(&it["typeName"]))
        })
        .collect()
}

fn from(node: &Value) -> String {
    let Some((name, it)) = kind(node) else { return format!("?{node}") };
    let lateral = if flag(&it["lateral"]) { "lateral " } else { "" };
    match name {
        "RangeVar" => format!("{}{}", relation(it), alias(it)),
        "RangeSubselect" => format!("({lateral}{}{})", query(&it["subquery"]), alias(it)),
        "RangeTableSample" => {
            let repeatable = it.get("repeatable").map_or(String::new(), |it| format!(" {}", expr(it)));
            format!("(sample {}{}{repeatable})", from(&it["relation"]), exprs(&it["args"]))
        }
        "RangeFunction" => {
            let calls: String = items(&it["functions"])
                .iter()
                .map(|it| {
                    let pair = list_items(it);
                    let own = pair.get(1).map_or(String::new(), |it| definitions(&it["List"]["items"]));
                    format!(" {}{own}", pair.first().map_or(String::new(), expr))
                })
                .collect();
            let ordinality = if flag(&it["ordinality"]) { " ordinality" } else { "" };
            format!("({lateral}from{calls}{ordinality}{}{})", alias(it), definitions(&it["coldeflist"]))
        }
        "JoinExpr" => {
            let kind = text(&it["jointype"]).trim_start_matches("JOIN_").to_ascii_lowercase();
            let natural = if flag(&it["isNatural"]) { "natural " } else { "" };
            let mut res = format!("({natural}{kind} {} {}", from(&it["larg"]), from(&it["rarg"]));
            if let Some(on) = it.get("quals") {
                res += &format!(" on {}", expr(on));
            }
            if it["usingClause"].is_array() {
                res += &format!(" using {}", strings(&it["usingClause"]).join(","));
            }
            if let Some(alias) = it.get("join_using_alias") {
                res += &format!(" using-as {}", text(&alias["aliasname"]));
            }
            format!("{res}{})", alias(it))
        }
        "RangeTableFunc" => {
            let columns: String = items(&it["columns"])
                .iter()
                .map(|it| {
                    let it = &it["RangeTableFuncCol"];
                    let ty = it.get("typeName").map_or("#".into(), type_name);
                    format!(" {}:{ty}", text(&it["colname"]))
                })
                .collect();
            format!("({lateral}table{columns}{})", alias(it))
        }
        "JsonTable" => {
            let mut columns = String::new();
            json_columns(&it["columns"], &mut columns);
            format!("({lateral}table{columns}{})", alias(it))
        }
        _ => format!("?{name}"),
    }
}

fn json_columns(list: &Value, acc: &mut String) {
    for it in items(list) {
        let it = &it["JsonTableColumn"];
        match text(&it["coltype"]) {
            "JTC_NESTED" => json_columns(&it["columns"], acc),
            "JTC_FOR_ORDINALITY" => *acc += &format!(" {}:#", text(&it["name"])),
            _ => *acc += &format!(" {}:{}", text(&it["name"]), type_name(&it["typeName"])),
        }
    }
}

fn targets(list: &Value) -> String {
    items(list)
        .iter()
        .map(|it| {
            let it = &it["ResTarget"];
            let name = it.get("name").map_or(String::new(), |it| format!(" as {}", text(it)));
            format!(" {}{name};", expr(&it["val"]))
        })
        .collect()
}

fn with(it: &Value) -> String {
    let Some(with) = it.get("withClause") else { return String::new() };
    let mut res = String::from(if flag(&with["recursive"]) { "(with-recursive" } else { "(with" });
    for it in items(&with["ctes"]) {
        let it = &it["CommonTableExpr"];
        res += &format!(" {}({})", text(&it["ctename"]), strings(&it["aliascolnames"]).join(","));
        res += &format!(" {}", statement(&it["ctequery"]));
        let mut extra = Vec::new();
        extra.extend(it["search_clause"].get("search_seq_column"));
        extra.extend(it["cycle_clause"].get("cycle_mark_column"));
        extra.extend(it["cycle_clause"].get("cycle_path_column"));
        for it in extra {
            res += &format!(" +{}", text(it));
        }
    }
    res + ") "
}

fn group(node: &Value) -> String {
    let Some(("GroupingSet", it)) = kind(node) else { return expr(node) };
    let content: String = items(&it["content"]).iter().map(|it| format!(" {}", group(it))).collect();
    let word = text(&it["kind"]).trim_start_matches("GROUPING_SET_").to_ascii_lowercase();
    format!("({word}{content})")
}

pub fn query(node: &Value) -> String {
    let it = node.get("SelectStmt").unwrap_or(node);
    let mut res = with(it);
    match text(&it["op"]) {
        "SETOP_NONE" | "" => {
            if it["valuesLists"].is_array() {
                res += "(values";
                for row in items(&it["valuesLists"]) {
                    let row: String = list_items(row).iter().map(|it| format!(" {}", expr(it))).collect();
                    res += &format!(" ({row})");
                }
                res += ")";
            } else {
                res += &select(it);
            }
        }
        op => {
            let word = op.trim_start_matches("SETOP_").to_ascii_lowercase();
            let all = if flag(&it["all"]) { "-all" } else { "" };
            res += &format!("({word}{all} {} {})", query(&it["larg"]), query(&it["rarg"]));
        }
    }
    if it["sortClause"].is_array() {
        res += &format!(" order{}", order(&it["sortClause"]));
    }
    for (key, word) in [("limitCount", "limit"), ("limitOffset", "offset")] {
        if let Some(value) = it.get(key).map(expr).filter(|it| it != "null") {
            res += &format!(" {word} {value}");
        }
    }
    for it in items(&it["lockingClause"]) {
        let of: Vec<String> =
            items(&it["LockingClause"]["lockedRels"]).iter().map(|it| relation(&it["RangeVar"])).collect();
        res += &format!(" lock({})", of.join(","));
    }
    res
}

fn select(it: &Value) -> String {
    let mut res = String::from("(select");
    let distinct = items(&it["distinctClause"]);
    if !distinct.is_empty() {
        let on: String = distinct
            .iter()
            .filter(|it| it.as_object().is_some_and(|it| !it.is_empty()))
            .map(|it| format!(" {}", expr(it)))
            .collect();
        res += &format!(" distinct[{on}]");
    }
    res += &targets(&it["targetList"]);
    if let Some(into) = it.get("intoClause") {
        res += &format!(" into {}", relation(&into["rel"]).trim_start_matches("only "));
    }
    for item in items(&it["fromClause"]) {
        res += &format!(" from {}", from(item));
    }
    if let Some(where_) = it.get("whereClause") {
        res += &format!(" where {}", expr(where_));
    }
    for item in items(&it["groupClause"]) {
        res += &format!(" group {}", group(item));
    }
    if let Some(having) = it.get("havingClause") {
        res += &format!(" having {}", expr(having));
    }
    for item in items(&it["windowClause"]) {
        let it = &item["WindowDef"];
        let mut definition = it.clone();
        if let Some(it) = definition.as_object_mut() {
            it.remove("name");
        }
        res += &format!(" window {} {}", text(&it["name"]), window(&definition));
    }
    res + ")"
}

/// A column to assign to: its fields before its subscripts, as our tree has them.
fn column(it: &Value) -> String {
    let (fields, subscripts): (Vec<Value>, Vec<Value>) =
        items(&it["indirection"]).iter().cloned().partition(|it| it.get("String").is_some());
    let path = [indirection(&Value::Array(fields)), indirection(&Value::Array(subscripts))];
    format!("{}{}", text(&it["name"]), path.concat())
}

fn columns(list: &Value) -> String {
    items(list).iter().map(|it| format!(" {}", column(&it["ResTarget"]))).collect()
}

fn assignments(list: &Value) -> String {
    let mut res = String::new();
    let mut multi: Vec<String> = Vec::new();
    for it in items(list) {
        let it = &it["ResTarget"];
        match it["val"].get("MultiAssignRef") {
            Some(value) => {
                multi.push(column(it));
                if multi.len() as i64 == value["ncolumns"].as_i64().unwrap_or(0) {
                    res += &format!(" (set ({}) {})", multi.join(","), expr(&value["source"]));
                    multi.clear();
                }
            }
            None => res += &format!(" (set {} {})", column(it), expr(&it["val"])),
        }
    }
    res
}

fn optional(it: &Value, key: &str, word: &str) -> String {
    it.get(key).map_or(String::new(), |it| format!(" {word} {}", expr(it)))
}

fn returning(it: &Value) -> String {
    let list = it.get("returningClause").map_or(&it["returningList"], |it| &it["exprs"]);
    let list = targets(list);
    if list.is_empty() { list } else { format!(" returning{list}") }
}

pub fn statement(node: &Value) -> String {
    let Some((name, it)) = kind(node) else { return format!("?{node}") };
    match name {
        "SelectStmt" => query(node),
        "InsertStmt" => {
            let mut res =
                format!("{}(insert {}{}", with(it), relation(&it["relation"]), alias(&it["relation"]));
            res += &columns(&it["cols"]);
            res += match text(&it["override"]) {
                "OVERRIDING_USER_VALUE" => " user",
                "OVERRIDING_SYSTEM_VALUE" => " system",
                _ => "",
            };
            res += &it.get("selectStmt").map_or(" default".into(), |it| format!(" {}", query(it)));
            if let Some(it) = it.get("onConflictClause") {
                res += " conflict";
                if let Some(infer) = it.get("infer") {
                    if let Some(name) = infer.get("conname") {
                        res += &format!(" {}", text(name));
                    }
                    for it in items(&infer["indexElems"]) {
                        let it = &it["IndexElem"];
                        let mut element = match it.get("name") {
                            Some(name) => format!("(col {})", text(name)),
                            None => expr(&it["expr"]),
                        };
                        if it["collation"].is_array() {
                            element = format!("(collate {element} {})", dotted(&it["collation"]));
                        }
                        res += &format!(" [{element}]");
                    }
                    res += &optional(infer, "whereClause", "where");
                }
                if text(&it["action"]) == "ONCONFLICT_UPDATE" {
                    res += &format!(" do{}", assignments(&it["targetList"]));
                    res += &optional(it, "whereClause", "where");
                }
            }
            res + &returning(it) + ")"
        }
        "UpdateStmt" => {
            let mut res =
                format!("{}(update {}{}", with(it), relation(&it["relation"]), alias(&it["relation"]));
            res += &assignments(&it["targetList"]);
            for it in items(&it["fromClause"]) {
                res += &format!(" from {}", from(it));
            }
            res + &optional(it, "whereClause", "where") + &returning(it) + ")"
        }
        "DeleteStmt" => {
            let mut res =
                format!("{}(delete {}{}", with(it), relation(&it["relation"]), alias(&it["relation"]));
            for it in items(&it["usingClause"]) {
                res += &format!(" using {}", from(it));
            }
            res + &optional(it, "whereClause", "where") + &returning(it) + ")"
        }
        "MergeStmt" => {
            let name = relation(&it["relation"]);
            let name = name.trim_start_matches("only ");
            let mut res = format!("{}(merge {name}{}", with(it), alias(&it["relation"]));
            res += &format!(" {} on {}", from(&it["sourceRelation"]), expr(&it["joinCondition"]));
            for it in items(&it["mergeWhenClauses"]) {
                let it = &it["MergeWhenClause"];
                res += &format!(" (when {}", text(&it["matchKind"]).trim_start_matches("MERGE_WHEN_"));
                res += &optional(it, "condition", "and");
                res += &match text(&it["commandType"]) {
                    "CMD_UPDATE" => format!(" update{}", assignments(&it["targetList"])),
                    "CMD_DELETE" => " delete".into(),
                    "CMD_INSERT" => {
                        format!(" insert{} values{}", columns(&it["targetList"]), exprs(&it["values"]))
                    }
                    _ => " nothing".into(),
                };
                res += ")";
            }
            res + &returning(it) + ")"
        }
        "ExplainStmt" => format!("(Explain {})", statement(&it["query"])),
        "DeclareCursorStmt" => {
            format!("(DeclareCursor {} {})", text(&it["portalname"]), statement(&it["query"]))
        }
        "PrepareStmt" => {
            let types: String =
                items(&it["argtypes"]).iter().map(|it| format!(" {}", type_name(&it["TypeName"]))).collect();
            format!("(Prepare {}{types} {})", text(&it["name"]), statement(&it["query"]))
        }
        "CopyStmt" if it.get("query").is_some() => format!("(Copy {})", statement(&it["query"])),
        _ => "other".into(),
    }
}
