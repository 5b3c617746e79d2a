//! How much an API has to do, and how quickly it answers.
//!
//! Several pods answer behind one address, one of them at a time and no one knows which: so what each has counted since it began is
//! kept for a minute, and what came since then is added up over all that were met. A pod counts for as much of the minute as it was
//! seen in: where one takes the place of another, both are in the minute, and neither for all of it.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use serde::Deserialize;

/// How long what a pod said counts.
const WINDOW: Duration = Duration::from_mins(1);

/// What a pod has answered since it began, as `GET /traffic` tells it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Sample {
    /// Which pod, since its last start.
    pub instance: String,
    /// Requests.
    pub requests: u64,
    /// Those that it could not answer.
    pub errors: u64,
    /// Seconds, and how many requests took no longer.
    pub buckets: Vec<(f64, u64)>,
}

/// What pods said within the last minute, the oldest first.
#[derive(Debug, Default)]
pub struct Meter(HashMap<String, VecDeque<(Instant, Sample)>>);

/// What came in the last minute.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rates {
    /// Requests per second; none before a pod was met twice.
    pub per_second: Option<f64>,
    /// Requests since the pods began.
    pub ever: u64,
    /// Requests that could not be answered.
    pub errors: u64,
    /// Seconds within which half of the requests were answered; none without requests.
    pub median: Option<f64>,
    /// The same for 95 of 100.
    pub p95: Option<f64>,
}

impl Meter {
    /// A pod said this.
    pub fn add(&mut self, now: Instant, sample: Sample) {
        for samples in self.0.values_mut() {
            while samples.front().is_some_and(|(at, _)| now.duration_since(*at) > WINDOW) {
                samples.pop_front();
            }
        }
        self.0.retain(|_, samples| !samples.is_empty());
        let samples = self.0.entry(sample.instance.clone()).or_default();
        // Counts that fall are of something else.
        if samples.back().is_some_and(|(_, last)| last.requests > sample.requests) {
            samples.clear();
        }
        samples.push_back((now, sample));
    }

    /// What they make together, just now.
    pub fn rates(&self, now: Instant) -> Rates {
        let mut rates = Rates::default();
        let (mut requests, mut buckets) = (0, Vec::new());
        let begins = self.0.values().filter_map(|samples| samples.front()).map(|(at, _)| *at).min().unwrap_or(now);
        let window = now.duration_since(begins).as_secs_f64();
        for samples in self.0.values() {
            let (Some((from, first)), Some((to, last))) = (samples.front(), samples.back()) else { continue };
            rates.ever += last.requests;
            let seconds = to.duration_since(*from).as_secs_f64();
            if seconds <= 0.0 {
                continue;
            }
            let new = last.requests - first.requests;
            #[expect(clippy::cast_precision_loss, reason = "requests of a minute")]
            let (per_second, steps) = (new as f64 / seconds, (samples.len() - 1) as f64);
            // It was there before and after for about as long as one waits to meet it, as Prometheus' `rate` has it.
            let beside = [from.duration_since(begins), now.duration_since(*to)];
            let beside: f64 = beside.iter().map(|time| time.as_secs_f64().min(seconds / steps)).sum();
            *rates.per_second.get_or_insert(0.0) += per_second * (seconds + beside) / window;
            rates.errors += last.errors.saturating_sub(first.errors);
            requests += new;
            buckets.resize(buckets.len().max(last.buckets.len()), (f64::INFINITY, 0));
            for (place, &(bound, count)) in last.buckets.iter().enumerate() {
                // Before its first request an API has no buckets to tell of.
                let before = first.buckets.get(place).map_or(0, |&(_, count)| count);
                buckets[place] = (bound, buckets[place].1 + count.saturating_sub(before));
            }
        }
        (rates.median, rates.p95) = (quantile(0.5, requests, &buckets), quantile(0.95, requests, &buckets));
        rates
    }
}

/// The value that a share `q` of so many stays under, as Prometheus' `histogram_quantile` estimates it: linear within a bucket, and
/// the last bound for what is above it
/// (<https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile>).
#[expect(clippy::cast_precision_loss, reason = "requests of a minute")]
fn quantile(q: f64, all: u64, buckets: &[(f64, u64)]) -> Option<f64> {
    if all == 0 {
        return None;
    }
    let rank = q * all as f64;
    let (mut low, mut below) = (0.0, 0.0);
    for &(high, count) in buckets {
        let count = count as f64;
        if count >= rank {
            return Some(low + (high - low) * (rank - below) / (count - below).max(f64::MIN_POSITIVE));
        }
        (low, below) = (high, count);
    }
    buckets.last().map(|&(high, _)| high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(instance: &str, requests: u64, quick: u64) -> Sample {
        let buckets = vec![(0.001, quick), (0.01, requests)];
        Sample { instance: instance.into(), requests, errors: requests / 100, buckets }
    }

    /// A meter, and what it says when it hears something after so many seconds.
    struct Heard(Meter, Instant);

    impl Heard {
        fn new() -> Self {
            Self(Meter::default(), Instant::now())
        }

        fn at(&mut self, seconds: u64, sample: Sample) -> Rates {
            let now = self.1 + Duration::from_secs(seconds);
            self.0.add(now, sample);
            self.0.rates(now)
        }
    }

    fn close(found: Option<f64>, wanted: f64) {
        assert!(found.is_some_and(|found| (found - wanted).abs() < 1e-9), "{found:?}, not {wanted}");
    }

    #[test]
    fn two_pods_that_alternate_are_added_up() {
        let mut meter = Heard::new();
        assert_eq!(meter.at(0, sample("a", 1000, 1000)), Rates { ever: 1000, ..Rates::default() });
        assert_eq!(meter.at(3, sample("b", 0, 0)).per_second, None);
        close(meter.at(10, sample("a", 1200, 1100)).per_second, 20.0);
        let rates = meter.at(13, sample("b", 100, 50));
        close(rates.per_second, 30.0);
        assert_eq!((rates.ever, rates.errors), (1300, 3));
        // 150 of 300 within a millisecond; the other half is spread up to ten.
        close(rates.median, 0.001);
        close(rates.p95, 0.001 + 0.009 * (285.0 - 150.0) / 150.0);
    }

    #[test]
    fn a_restart_is_another_pod_and_who_is_silent_for_a_minute_is_forgotten() {
        let mut meter = Heard::new();
        meter.at(0, sample("a", 1000, 0));
        meter.at(10, sample("a", 1100, 0));
        close(meter.at(12, sample("b", 5, 0)).per_second, 10.0);
        // Ten a second for at most twenty seconds, and two a second for as long.
        close(meter.at(22, sample("b", 25, 0)).per_second, (10.0 * 20.0 + 2.0 * 20.0) / 22.0);
        let rates = meter.at(71, sample("b", 25, 0));
        close(rates.per_second, 20.0 / 59.0);
        assert_eq!(rates.ever, 25);
        // The same name with smaller counts begins anew, too.
        assert_eq!(meter.at(72, sample("b", 3, 0)), Rates { ever: 3, ..Rates::default() });
    }

    #[test]
    fn a_pod_that_took_the_place_of_another_is_not_counted_beside_it() {
        let mut meter = Heard::new();
        for seconds in (0..30).step_by(3) {
            meter.at(seconds, sample("before", 10 * seconds, 0));
        }
        let rates = (30..120).step_by(3).map(|seconds| meter.at(seconds, sample("after", 10 * (seconds - 30), 0)));
        for per_second in rates.filter_map(|rates| rates.per_second) {
            assert!((9.0..=11.0).contains(&per_second), "{per_second}, not about 10");
        }
    }

    #[test]
    fn the_first_requests_of_a_pod_have_a_latency() {
        let mut meter = Heard::new();
        meter.at(0, Sample { buckets: vec![], ..sample("a", 0, 0) });
        close(meter.at(3, sample("a", 10, 10)).median, 0.0005);
    }

    #[test]
    fn no_requests_have_no_latency() {
        let mut meter = Heard::new();
        meter.at(0, sample("a", 0, 0));
        assert_eq!(meter.at(3, sample("a", 0, 0)), Rates { per_second: Some(0.0), ..Rates::default() });
    }

    #[test]
    fn quantiles_are_as_prometheus_has_them() {
        let buckets = [(0.1, 10), (0.5, 30), (1.0, 40)];
        close(quantile(0.5, 50, &buckets), 0.1 + 0.4 * 15.0 / 20.0);
        close(quantile(0.1, 50, &buckets), 0.05);
        // Above the last bound nothing is known but that.
        close(quantile(0.95, 50, &buckets), 1.0);
        assert_eq!((quantile(0.5, 0, &buckets), quantile(0.5, 3, &[])), (None, None));
    }
}
