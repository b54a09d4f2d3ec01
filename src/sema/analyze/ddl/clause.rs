//! The clauses of CREATE and ALTER FUNCTION (`compute_common_attribute`, `AlterFunction`).

use crate::catalog::{Function, FunctionKind};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{CreateFunction, FunctionClause, FunctionParam, ObjectKind, ParamMode};
use crate::sql::hir::{Name, QName};

use super::super::binder::Binder;
use super::name::at;

impl<'a> Binder<'a> {
    /// What stands behind the result (`compute_function_attributes`).
    pub(super) fn clauses(&mut self, create: &CreateFunction) {
        let set =
            create.procedure || create.returns_table || create.returns.as_ref().is_none_or(|it| it.setof);
        if self.refused_clause(&create.clauses, create.procedure, set) {
            return;
        }
        let output = |it: &&FunctionParam| matches!(it.mode, ParamMode::Out | ParamMode::InOut);
        if create.returns_table && create.params.iter().any(|it| output(&it)) {
            let message = "OUT and INOUT arguments aren't allowed in TABLE functions";
            let out = create.params.iter().find(output);
            let at = out.map_or(at(&create.name), |it| self.whole_param(it));
            self.report(code::SYNTAX_ERROR, at, message);
        }
    }

    /// ALTER FUNCTION of one that is there.
    pub(super) fn altered_clauses(&mut self, found: &Function, clauses: &[FunctionClause]) {
        self.refused_clause(clauses, found.kind == FunctionKind::Procedure, found.returns_set);
    }

    /// Reports the first clause that cannot be there.
    fn refused_clause(&mut self, clauses: &[FunctionClause], procedure: bool, set: bool) -> bool {
        const FUNCTIONS_ONLY: [&str; 8] =
            ["window", "strict", "volatility", "leakproof", "cost", "rows", "support", "parallel"];
        for (idx, clause) in clauses.iter().enumerate() {
            if procedure && FUNCTIONS_ONLY.contains(&clause.name) {
                let message = "invalid attribute in procedure definition";
                self.report(code::INVALID_FUNCTION_DEFINITION, clause.range, message);
                return true;
            }
            if clauses.iter().take(idx).any(|it| it.name == clause.name) {
                self.report(code::SYNTAX_ERROR, clause.range, "conflicting or redundant options");
                return true;
            }
        }
        for clause in clauses {
            let positive = !clause.value.parse::<f64>().is_ok_and(|it| it <= 0.0);
            let message = match clause.name {
                "cost" if !positive => "COST must be positive",
                "rows" if !positive => "ROWS must be positive",
                "rows" if !set => "ROWS is not applicable when function does not return a set",
                "support" if self.no_support(clause) => return true,
                "parallel" => {
                    let word = Ident::from_source(&clause.value);
                    if matches!(word.as_str(), "safe" | "restricted" | "unsafe") {
                        continue;
                    }
                    let message = "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE";
                    self.report(code::SYNTAX_ERROR, clause.range, message);
                    return true;
                }
                _ => continue,
            };
            self.report(code::INVALID_PARAMETER_VALUE, clause.range, message);
            return true;
        }
        false
    }

    /// `SUPPORT f`: f(internal) (`interpret_func_support`).
    fn no_support(&mut self, clause: &FunctionClause) -> bool {
        let part = |it| Name { ident: Ident::from_source(it), range: clause.range };
        let name = QName { parts: clause.value.split('.').map(part).collect() };
        self.no_function(&name, &["internal"])
    }

    /// Reports a function with these arguments that is not there.
    pub(super) fn no_function(&mut self, name: &QName, types: &[&str]) -> bool {
        if !self.is_exact() {
            return false;
        }
        let args: Vec<_> = types.iter().map(|it| super::operator::builtin(it, at(name))).collect();
        let n_problems = self.problems.len();
        self.named_function(ObjectKind::Function, name, Some(&args), false);
        self.problems.len() > n_problems
    }
}
