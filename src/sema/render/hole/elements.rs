//! The elements of arrays in holes.

use super::super::Renderer;
use super::super::value::Arg;
use super::Elements;
use crate::base::text::TextSize;
use crate::project::eval::ValueKind;
use crate::ts::hir::{BindingKind, ExprId, ExprKind};

impl Renderer<'_, '_> {
    /// The elements of what is an array for certain or is used as one.
    pub(in crate::sema::render) fn elements(&mut self, arg: &Arg) -> Elements {
        if self.depth >= super::super::MAX_DEPTH {
            return Elements::Unknown;
        }
        self.depth += 1;
        let res = self.elements_inner(arg);
        self.depth -= 1;
        res
    }

    fn elements_inner(&mut self, arg: &Arg) -> Elements {
        let Some(arg) = self.settle(arg.clone()) else { return Elements::Unknown };
        let id = match arg {
            Arg::Value(value) => {
                return match &*value.kind {
                    ValueKind::Array { items, open: false } => {
                        Elements::All(items.iter().cloned().map(Arg::Value).collect())
                    }
                    _ => Elements::Unknown,
                };
            }
            Arg::Expr(id) => id,
        };
        let module = self.env.module;
        match &module.expr(id).kind {
            ExprKind::Assertion { expr, .. } | ExprKind::Await(expr) => self.elements(&Arg::Expr(*expr)),
            ExprKind::Array(items) => {
                let mut all = Vec::new();
                let mut certain = true;
                for item in items {
                    match &module.expr(*item).kind {
                        ExprKind::Spread(inner) => match self.elements(&Arg::Expr(*inner)) {
                            Elements::All(items) => all.extend(items),
                            Elements::Some(items) => {
                                certain = false;
                                all.extend(items);
                            }
                            Elements::Unknown => return Elements::Unknown,
                        },
                        _ => all.push(Arg::Expr(*item)),
                    }
                }
                if certain { Elements::All(all) } else { Elements::Some(all) }
            }
            ExprKind::Ident(name) => {
                let value = (self.env.value)(id);
                if let Some(items) = value.as_array()
                    && items.iter().all(|it| self.is_known(it, 0))
                {
                    return Elements::All(items.iter().cloned().map(Arg::Value).collect());
                }
                match module.lookup(module.expr(id).scope, name) {
                    Some((_, binding)) => match &binding.kind {
                        BindingKind::Const { init: Some(init), path } if path.is_empty() => {
                            self.elements(&Arg::Expr(*init))
                        }
                        // `const parts = []; parts.push(sql`…`)`.
                        BindingKind::Let { init: Some(init), path, assigned: true } if path.is_empty() => {
                            let declared = binding.name_range.start();
                            let init = *init;
                            let ExprKind::Array(first) = &module.expr(init).kind else {
                                return Elements::Unknown;
                            };
                            let mut items: Vec<Arg> = first.iter().map(|it| Arg::Expr(*it)).collect();
                            items.extend(self.pushed_to(declared).into_iter().map(Arg::Expr));
                            if items.is_empty() { Elements::Unknown } else { Elements::Some(items) }
                        }
                        _ => Elements::Unknown,
                    },
                    None => Elements::Unknown,
                }
            }
            ExprKind::Call { callee, args, .. } => {
                let value = (self.env.value)(id);
                if let Some(items) = value.as_array()
                    && items.iter().all(|it| self.is_known(it, 0))
                {
                    return Elements::All(items.iter().cloned().map(Arg::Value).collect());
                }
                let ExprKind::Member { object, name, .. } = &module.expr(*callee).kind else {
                    return Elements::Unknown;
                };
                match (name.as_str(), args.first()) {
                    ("map" | "flatMap", Some(function)) => {
                        let Some(function) = self.local_function(*function) else { return Elements::Unknown };
                        let ExprKind::Function(it) = &module.expr(function).kind else {
                            return Elements::Unknown;
                        };
                        if it.returns.is_empty() {
                            return Elements::Unknown;
                        }
                        let results: Vec<Arg> = it.returns.iter().map(|it| Arg::Expr(*it)).collect();
                        if name == "map" {
                            return Elements::Some(results);
                        }
                        let mut flat = Vec::new();
                        for result in results {
                            match self.elements(&result) {
                                Elements::All(items) | Elements::Some(items) => flat.extend(items),
                                Elements::Unknown => return Elements::Unknown,
                            }
                        }
                        Elements::Some(flat)
                    }
                    ("filter" | "slice" | "sort" | "reverse" | "toSorted" | "toReversed", _) => {
                        match self.elements(&Arg::Expr(*object)) {
                            Elements::All(items) => Elements::Some(items),
                            other => other,
                        }
                    }
                    ("concat", Some(other)) => {
                        let (first, second) =
                            (self.elements(&Arg::Expr(*object)), self.elements(&Arg::Expr(*other)));
                        match (first, second) {
                            (Elements::All(mut a), Elements::All(b)) => {
                                a.extend(b);
                                Elements::All(a)
                            }
                            (
                                Elements::All(mut a) | Elements::Some(mut a),
                                Elements::All(b) | Elements::Some(b),
                            ) => {
                                a.extend(b);
                                Elements::Some(a)
                            }
                            _ => Elements::Unknown,
                        }
                    }
                    _ => Elements::Unknown,
                }
            }
            _ => Elements::Unknown,
        }
    }

    /// What the file pushes to the array declared at this offset.
    fn pushed_to(&mut self, declared: TextSize) -> Vec<ExprId> {
        let module = self.env.module;
        let pushed = self.pushed.get_or_insert_with(|| {
            let mut res: rustc_hash::FxHashMap<TextSize, Vec<ExprId>> = Default::default();
            for expr in &module.exprs {
                let ExprKind::Call { callee, args, .. } = &expr.kind else { continue };
                let ExprKind::Member { object, name, .. } = &module.expr(*callee).kind else { continue };
                if !matches!(name.as_str(), "push" | "unshift") {
                    continue;
                }
                let ExprKind::Ident(array) = &module.expr(*object).kind else { continue };
                if let Some((_, binding)) = module.lookup(expr.scope, array) {
                    let plain =
                        args.iter().filter(|it| !matches!(module.expr(**it).kind, ExprKind::Spread(_)));
                    res.entry(binding.name_range.start()).or_default().extend(plain);
                }
            }
            res
        });
        pushed.get(&declared).cloned().unwrap_or_default()
    }
}
