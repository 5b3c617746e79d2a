//! Expressions of `PromQL`, taken apart.

use std::{convert::Infallible, time::Duration};

use promql_parser::{
    label::Matcher,
    parser::{Expr, VectorSelector, parse, token},
    util::{
        ExprVisitor,
        visitor::{ExprVisitorMut, walk_expr_mut},
        walk_expr,
    },
};

/// A series that an expression asks for.
#[derive(Debug, Clone)]
pub struct Selector {
    /// The metric.
    pub metric: String,
    /// What its labels must be.
    pub matchers: Vec<Matcher>,
    /// The labels that aggregations around it keep.
    pub kept: Vec<String>,
}

/// The series that an expression asks for.
///
/// # Errors
/// What the parser does not understand.
pub fn selectors(expr: &str) -> Result<Vec<Selector>, String> {
    struct Found(Vec<Selector>);
    impl ExprVisitor for Found {
        type Error = Infallible;

        fn pre_visit(&mut self, expr: &Expr) -> Result<bool, Infallible> {
            match expr {
                Expr::VectorSelector(selector) => self.0.push(of(selector)),
                Expr::MatrixSelector(range) => self.0.push(of(&range.vs)),
                _ => {}
            }
            Ok(true)
        }

        /// An aggregation comes after what it aggregates.
        fn post_visit(&mut self, expr: &Expr) -> Result<bool, Infallible> {
            if let Expr::Aggregate(aggregate) = expr
                && let Some(by) = aggregate.modifier.as_ref().filter(|modifier| modifier.is_include())
            {
                let inside = selectors(&aggregate.expr.to_string()).unwrap_or_default().len();
                let first = self.0.len().saturating_sub(inside);
                for selector in &mut self.0[first..] {
                    selector.kept.extend(by.labels().labels.clone());
                }
            }
            Ok(true)
        }
    }
    let mut found = Found(Vec::new());
    let Ok(_) = walk_expr(&mut found, &parse(expr)?);
    Ok(found.0)
}

fn of(VectorSelector { name, matchers, .. }: &VectorSelector) -> Selector {
    Selector { metric: name.clone().unwrap_or_default(), matchers: matchers.matchers.clone(), kept: Vec::new() }
}

/// The same expression in a world that is `factor` times as fast: ranges, and limits that a time is compared with.
///
/// # Errors
/// What the parser does not understand.
pub fn faster(expr: &str, factor: u32) -> Result<String, String> {
    struct Faster(u32);
    impl ExprVisitorMut for Faster {
        type Error = Infallible;

        fn pre_visit(&mut self, expr: &mut Expr) -> Result<bool, Infallible> {
            match expr {
                Expr::MatrixSelector(range) => range.range /= self.0,
                Expr::Binary(binary) if is_comparison(binary.op.id()) && binary.lhs.to_string().contains("time()") => {
                    if let Expr::NumberLiteral(limit) = binary.rhs.as_mut() {
                        limit.val /= f64::from(self.0);
                    }
                }
                _ => {}
            }
            Ok(true)
        }
    }
    let mut expr = parse(expr)?;
    let Ok(_) = walk_expr_mut(&mut Faster(factor), &mut expr);
    Ok(expr.to_string())
}

const fn is_comparison(operator: token::TokenId) -> bool {
    matches!(operator, token::T_GTR | token::T_LSS)
}

/// A duration of Prometheus, `factor` times as short.
///
/// # Panics
/// When it is none.
pub fn shorter(duration: &str, factor: u32) -> String {
    let time = promql_parser::util::parse_duration(duration).expect("a duration") / factor;
    format!("{}ms", time.max(Duration::from_secs(1)).as_millis())
}
