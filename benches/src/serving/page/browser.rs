//! What a browser says of a page that it opens.

use ::browser::browse;
use anyhow::{Context, Result};

use crate::cost::middle;

/// How often it is opened.
pub const RUNS: usize = 15;

/// A page that was opened.
pub struct Opened {
    /// Milliseconds from the request to the first paint.
    pub first_paint: f64,
    /// Bytes of all answers with their heads, from an empty cache.
    pub weight: f64,
}

/// Bytes of the page, its style and its scripts.
const WEIGHT: &str = "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]\
    .filter((entry) => entry.entryType === 'navigation' || /\\.(css|js|svg)$/.test(entry.name))\
    .reduce((sum, entry) => sum + entry.transferSize, 0)";

/// It is there as soon as something was painted.
const FIRST_PAINT: &str = "return new Promise((told) => new PerformanceObserver((list) => {\
    for (const entry of list.getEntries()) if (entry.name === 'first-paint') told(entry.startTime);\
    }).observe({ type: 'paint', buffered: true }))";

/// Opens it, first with an empty cache.
pub fn open(url: &str) -> Result<Opened> {
    browse(async |browser| {
        let (mut weight, mut paints) = (0.0, Vec::new());
        for run in 0..=RUNS {
            browser.goto(url).await?;
            if run == 0 {
                // The browser itself has something to do when it has just come up.
                weight = browser.evaluate(WEIGHT).await.as_f64().context("the browser counted no bytes")?;
                continue;
            }
            paints.push(browser.evaluate(FIRST_PAINT).await.as_f64().context("nothing was painted")?);
        }
        Ok(Opened { first_paint: middle(paints), weight })
    })
}
