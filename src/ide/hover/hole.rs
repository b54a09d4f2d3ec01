//! `${…}` holes: what they become in SQL, and the type that is expected of a value there.

use super::Cx;
use super::text::{self, Page};
use crate::base::cancel::Cancellable;
use crate::base::text::{TextRange, slice};
use crate::db::FileAnalysis;
use crate::ide::{FilePosition, Markup, RangeInfo};
use crate::sema::Ty;
use crate::sema::fragment::Placement;
use crate::sql::hir::ExprKind;

pub fn hover(
    cx: &Cx<'_>,
    pos: FilePosition,
    analysis: &FileAnalysis,
) -> Cancellable<Option<RangeInfo<Markup>>> {
    for unit in &analysis.units {
        cx.snap.check()?;
        let Placement::Fragment { map, .. } = &unit.placement else { continue };
        if !unit.host.contains_inclusive(pos.value) {
            continue;
        }
        let Some(host) = map.of_hole(pos.value).map(|it| it.1).min_by_key(|it| it.len()) else { continue };
        let Some(catalog) = cx.catalog_at(unit) else { continue };
        let mut page = Page::default();
        let params = unit.parsed.hir.exprs.iter().enumerate().filter_map(|(idx, it)| match it.kind {
            ExprKind::Param(number) if unit.placement.to_host(it.range) == Some(host) => {
                Some((number, unit.analysis.exprs.get(idx).map_or(Ty::Unknown, |it| it.ty)))
            }
            _ => None,
        });
        let params: Vec<(u32, Ty)> = params.collect();
        let params = params.iter().map(|(number, ty)| format!("${number} {}", text::ty(&catalog, *ty)));
        let shown = text::list(params, text::MAX_ITEMS);
        if shown.is_empty() {
            let Some(sql) = rendered(unit, host) else { continue };
            if sql.contains(crate::sql::ident::DYNAMIC_MARK) {
                page.say("What this hole becomes is not known: nothing that depends on it is checked");
            } else {
                page.code(&text::short(&sql));
                page.say("What the hole becomes");
            }
        } else {
            page.code(&shown);
            page.say("Parameter");
        }
        return Ok(Some(RangeInfo { range: host, info: Markup(page.finish()) }));
    }
    Ok(None)
}

/// The analysed text that came from the hole.
fn rendered(unit: &crate::db::SqlUnit, host: TextRange) -> Option<String> {
    let Placement::Fragment { wrapper, start, map, len } = &unit.placement else { return None };
    let mut res: Option<TextRange> = None;
    for (text, of) in map.of_hole(host.start()) {
        let inside = text.start().checked_sub(*start).filter(|it| *it <= *len);
        if of == host
            && let Some(at) = inside
        {
            let range = TextRange::at(at + *wrapper, text.len());
            res = Some(res.map_or(range, |it| it.cover(range)));
        }
    }
    res.map(|it| slice(&unit.text, it).to_owned())
}
