//! Customers of a telecom operator, some of whom leave: modelled after what is known of such data sets (IBM's Telco customer
//! churn, among others), and nobody's.
//!
//! Customers of long standing have longer contracts, fiber costs more and is complained about more, and who leaves is a matter of
//! contract, tenure, price and trouble, by a logistic function; more than a quarter do. Drift comes before the class: what customers are
//! changes, and why they leave stays.

use super::{
    Feature,
    draw::{Category, Draw, Drawn, Number, Value},
};

pub(super) const TARGET: &str = "churned";

const TENURE: Number = Number { name: "tenure", deviation: 24.9, lowest: 0.0, decimals: 0 };
const MONTHLY: Number = Number { name: "monthly_charges", deviation: 29.2, lowest: 18.0, decimals: 2 };
const TOTAL: Number = Number { name: "total_charges", deviation: 1890.0, lowest: 0.0, decimals: 2 };
const CALLS: Number = Number { name: "support_calls", deviation: 1.16, lowest: 0.0, decimals: 0 };
const CONTRACT: Category = Category { name: "contract", values: &["month-to-month", "one-year", "two-year"] };
const PAYMENT: Category =
    Category { name: "payment_method", values: &["electronic-check", "mailed-check", "bank-transfer", "credit-card"] };
const INTERNET: Category = Category { name: "internet_service", values: &["none", "dsl", "fiber"] };
const TECH: Category = Category { name: "tech_support", values: &["no", "yes"] };
const PAPERLESS: Category = Category { name: "paperless_billing", values: &["no", "yes"] };
const SENIOR: Category = Category { name: "senior", values: &["no", "yes"] };

/// The columns, in order.
pub(super) const FEATURES: [Feature; 10] = [
    Feature::Number(TENURE),
    Feature::Number(MONTHLY),
    Feature::Number(TOTAL),
    Feature::Number(CALLS),
    Feature::Category(CONTRACT),
    Feature::Category(PAYMENT),
    Feature::Category(INTERNET),
    Feature::Category(TECH),
    Feature::Category(PAPERLESS),
    Feature::Category(SENIOR),
];

/// The highest monthly charges that are asked of anybody before they drift.
const DEAREST: f64 = 120.0;

/// A customer.
pub(super) fn row(draw: &mut Draw<'_>) -> Drawn {
    // Many are new, and many have been there from the beginning.
    let new = draw.happens(0.28);
    let months = if new { 12.0 * draw.uniform() } else { (82.0 * draw.uniform()).min(72.0) };
    let tenure = draw.number(&TENURE, months);
    let loyal = (tenure / 72.0).min(1.0);
    let long = [0.06 + 0.24 * loyal, 0.02 + 0.53 * loyal];
    let contract = draw.category(&CONTRACT, &[1.0 - long[0] - long[1], long[0], long[1]]);
    let payment =
        draw.category(&PAYMENT, if contract == 0 { &[0.44, 0.23, 0.17, 0.16] } else { &[0.19, 0.22, 0.29, 0.3] });
    let internet = draw.category(&INTERNET, if contract == 2 { &[0.37, 0.35, 0.28] } else { &[0.16, 0.34, 0.5] });
    let tech = draw.category(&TECH, &if internet == 0 { [1.0, 0.0] } else { [0.66, 0.34] });
    let paperless = draw.category(&PAPERLESS, &if internet == 0 { [0.71, 0.29] } else { [0.32, 0.68] });
    let senior = draw.category(&SENIOR, &if internet == 2 { [0.73, 0.27] } else { [0.91, 0.09] });

    let (price, spread) = [(20.5, 1.0), (54.0, 13.0), (89.0, 11.0)][internet];
    let price = price + if tech == 1 { 5.0 } else { 0.0 } + spread * draw.normal();
    let monthly = draw.number(&MONTHLY, price.clamp(MONTHLY.lowest, DEAREST));
    // Prices were others in earlier years.
    let paid = tenure * monthly * (0.9 + 0.2 * draw.uniform());
    let total = draw.number(&TOTAL, paid);
    let trouble = 0.08 + if internet == 2 { 0.12 } else { 0.0 } + if tech == 0 { 0.05 } else { 0.0 };
    let called = (0..8).map(|_| f64::from(draw.happens(trouble))).sum();
    let calls = draw.number(&CALLS, called);

    let score = -0.62 - 0.032 * tenure
        + 0.014 * (monthly - 65.0)
        + 0.34 * calls
        + [0.0, -1.0, -1.9][contract]
        + [0.45, 0.0, -0.1, -0.15][payment]
        + [-0.5, 0.0, 0.35][internet]
        + [0.0, -0.55][tech]
        + [0.0, 0.25][paperless]
        + [0.0, 0.3][senior];
    let churned = draw.logistic(score);
    let number = |number: &Number, value| Value::Number(value, number.decimals);
    let word = |category: &Category, place: usize| Value::Word(category.values[place]);
    let values = vec![
        number(&TENURE, tenure),
        number(&MONTHLY, monthly),
        number(&TOTAL, total),
        number(&CALLS, calls),
        word(&CONTRACT, contract),
        word(&PAYMENT, payment),
        word(&INTERNET, internet),
        word(&TECH, tech),
        word(&PAPERLESS, paperless),
        word(&SENIOR, senior),
    ];
    Drawn { values, class: if churned { "yes" } else { "no" } }
}
