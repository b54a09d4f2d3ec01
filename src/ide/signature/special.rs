//! Functions with a grammar of their own (`func_expr_common_subexpr` of gram.y, manual chapter 9).

use super::context::Context;
use super::{Label, SignatureHelp};

/// Name, what it yields, parameters: each with the words before it, of which one begins it, and its own text.
struct Form {
    name: &'static str,
    result: &'static str,
    /// `(separators, shown separator, parameter)`; an empty separator stands for the parenthesis.
    params: &'static [(&'static [&'static str], &'static str, &'static str)],
    /// The last parameter may be written again and again.
    repeats: bool,
    about: &'static str,
}

const COMMA: &[&str] = &[","];

const FORMS: &[Form] = &[
    Form {
        name: "coalesce",
        result: "the common type",
        params: &[(&[], "", "value"), (COMMA, ", ", "value …")],
        repeats: true,
        about: "the first argument that is not null",
    },
    Form {
        name: "greatest",
        result: "the common type",
        params: &[(&[], "", "value"), (COMMA, ", ", "value …")],
        repeats: true,
        about: "the largest of the arguments that are not null",
    },
    Form {
        name: "least",
        result: "the common type",
        params: &[(&[], "", "value"), (COMMA, ", ", "value …")],
        repeats: true,
        about: "the smallest of the arguments that are not null",
    },
    Form {
        name: "nullif",
        result: "the type of value1",
        params: &[(&[], "", "value1"), (COMMA, ", ", "value2")],
        repeats: false,
        about: "null if both are equal, else the first",
    },
    Form {
        name: "extract",
        result: "numeric",
        params: &[(&[], "", "field"), (&["from"], " from ", "source timestamp | interval | date | time")],
        repeats: false,
        about: "a field such as `year`, `month`, `day`, `hour`, `dow`, `epoch` of a date or time",
    },
    Form {
        name: "cast",
        result: "type",
        params: &[(&[], "", "expression"), (&["as"], " as ", "type")],
        repeats: false,
        about: "converts a value to another type",
    },
    Form {
        name: "position",
        result: "integer",
        params: &[(&[], "", "substring text"), (&["in"], " in ", "string text")],
        repeats: false,
        about: "where a text begins in another, from 1; 0 where it does not stand",
    },
    Form {
        name: "substring",
        result: "text",
        params: &[
            (&[], "", "string text"),
            (&["from", ",", "similar"], " from ", "start integer"),
            (&["for", ",", "escape"], " for ", "count integer"),
        ],
        repeats: false,
        about: "a part of a text; also `substring(string from pattern)` and `substring(string, start, count)`",
    },
    Form {
        name: "overlay",
        result: "text",
        params: &[
            (&[], "", "string text"),
            (&["placing", ","], " placing ", "replacement text"),
            (&["from", ","], " from ", "start integer"),
            (&["for", ","], " for ", "count integer"),
        ],
        repeats: false,
        about: "replaces a part of a text",
    },
    Form {
        name: "trim",
        result: "text",
        params: &[
            (&[], "", "[both | leading | trailing] characters text"),
            (&["from", ","], " from ", "string text"),
        ],
        repeats: false,
        about: "removes characters (blanks, if none are given) from both ends, the beginning or the end",
    },
    Form {
        name: "normalize",
        result: "text",
        params: &[(&[], "", "string text"), (COMMA, ", ", "form NFC | NFD | NFKC | NFKD")],
        repeats: false,
        about: "a text in a Unicode normal form",
    },
    Form {
        name: "row",
        result: "record",
        params: &[(&[], "", "value"), (COMMA, ", ", "value …")],
        repeats: true,
        about: "a row of values",
    },
    Form {
        name: "grouping",
        result: "integer",
        params: &[(&[], "", "group_by_expression"), (COMMA, ", ", "group_by_expression …")],
        repeats: true,
        about: "a bit for each argument: 1 where it is not part of the grouping set of the row",
    },
    Form {
        name: "json_value",
        result: "text, or the type after returning",
        params: &[(&[], "", "context_item jsonb"), (COMMA, ", ", "path jsonpath")],
        repeats: false,
        about: "the scalar that a path leads to",
    },
    Form {
        name: "json_query",
        result: "jsonb, or the type after returning",
        params: &[(&[], "", "context_item jsonb"), (COMMA, ", ", "path jsonpath")],
        repeats: false,
        about: "what a path leads to, as JSON",
    },
    Form {
        name: "json_exists",
        result: "boolean",
        params: &[(&[], "", "context_item jsonb"), (COMMA, ", ", "path jsonpath")],
        repeats: false,
        about: "whether a path leads to anything",
    },
    Form {
        name: "json_object",
        result: "json",
        params: &[(&[], "", "key : value"), (COMMA, ", ", "key : value …")],
        repeats: true,
        about: "a JSON object of the given keys and values",
    },
    Form {
        name: "json_array",
        result: "json",
        params: &[(&[], "", "value"), (COMMA, ", ", "value …")],
        repeats: true,
        about: "a JSON array of the given values",
    },
    Form {
        name: "json_objectagg",
        result: "json",
        params: &[(&[], "", "key : value")],
        repeats: false,
        about: "*aggregate*: a JSON object of all rows",
    },
    Form {
        name: "json_arrayagg",
        result: "json",
        params: &[(&[], "", "value [order by …]")],
        repeats: false,
        about: "*aggregate*: a JSON array of all rows",
    },
    Form {
        name: "xmlelement",
        result: "xml",
        params: &[
            (&[], "", "name element"),
            (COMMA, ", ", "[xmlattributes(value [as name], …)]"),
            (COMMA, ", ", "content …"),
        ],
        repeats: true,
        about: "an XML element",
    },
    Form {
        name: "xmlforest",
        result: "xml",
        params: &[(&[], "", "content [as name]"), (COMMA, ", ", "content [as name] …")],
        repeats: true,
        about: "a sequence of XML elements",
    },
];

pub fn help(name: &str, context: &Context) -> Option<SignatureHelp> {
    let form = FORMS.iter().find(|it| it.name == name)?;
    let mut label = Label::default();
    label.push(form.name);
    label.push("(");
    for (_, shown, text) in form.params {
        label.push(shown);
        label.param(text);
    }
    label.push(&format!(") → {}", form.result));
    let signature = label.finish(active(form, context), Some(form.about.to_owned()));
    Some(SignatureHelp { signatures: vec![signature], active: 0 })
}

/// Goes through the words between the parenthesis and the cursor: each separator leads to its parameter.
fn active(form: &Form, context: &Context) -> Option<usize> {
    let mut at = 0;
    for word in &context.words {
        let next = form.params.iter().enumerate().skip(at + 1).find(|(_, it)| it.0.contains(&word.as_str()));
        match next {
            Some((idx, _)) => at = idx,
            None if word == "," && !form.repeats => return None,
            None => {}
        }
    }
    Some(at)
}
