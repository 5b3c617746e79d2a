//! The values of a number: the reference's, and how many of the window lie at and between them.

use crate::{
    distance::{jensen_shannon, population_stability_index},
    ks::ks_p_value,
    report::{Bin, Comparison, Test},
};

/// The most bins of a histogram within the reference's range.
const BINS: usize = 20;
/// Values that wait to be counted together: tables of many features are more than a cache holds, and one by one, each value would
/// wait for memory.
const TOGETHER: usize = 4096;
/// Slots of a bin: where among thousands of values one belongs is found in two steps, not in fourteen.
const SLOTS: usize = 64;

pub(crate) struct Numbers {
    /// The reference's values, rising, each once.
    values: Vec<f32>,
    /// How often each is in the reference.
    reference: Vec<u64>,
    /// How many of the window lie before each value, after the one before it, and how many at it, by turns; last, those after all.
    window: Vec<u64>,
    /// Of the window, not yet counted.
    waiting: Vec<f32>,
    /// Of the window, over the bins of the reference's range; first and last those outside.
    histogram: Vec<u64>,
    /// Slots per unit.
    scale: f64,
    /// By slot, the place of its first value; last, the number of values.
    starts: Vec<usize>,
}

impl Numbers {
    /// A reference; what is not finite is left out.
    pub fn new(mut sample: Vec<f32>) -> Self {
        sample.retain(|value| value.is_finite());
        sample.sort_unstable_by(f32::total_cmp);
        let (mut values, mut reference) = (Vec::<f32>::new(), Vec::new());
        for value in sample {
            // Zeros of both signs are one value.
            if values.last() != Some(&value) {
                values.push(value);
                reference.push(0);
            }
            if let Some(count) = reference.last_mut() {
                *count += 1;
            }
        }
        let (window, bins) = (vec![0; 2 * values.len() + 1], BINS.min(values.len()));
        let (histogram, waiting) = (vec![0; bins + 2], Vec::new());
        let mut numbers = Self { values, reference, window, waiting, histogram, scale: 0.0, starts: Vec::new() };
        let (low, high) = numbers.range();
        #[expect(clippy::cast_precision_loss, reason = "a few bins")]
        if high > low {
            numbers.scale = (bins * SLOTS) as f64 / (high - low);
        }
        let first = |slot| numbers.values.partition_point(|&value| numbers.slot(value) < slot);
        numbers.starts = (0..=bins * SLOTS).map(first).collect();
        numbers
    }

    /// Takes a value of the window, if it is one: not one that is not finite.
    pub fn count(&mut self, value: f32) -> bool {
        if !value.is_finite() || self.values.is_empty() {
            return false;
        }
        self.waiting.push(value);
        if self.waiting.len() == TOGETHER {
            self.settle();
        }
        true
    }

    /// Counts what waits; whoever asks for a comparison does so first.
    pub fn settle(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        for value in waiting.drain(..) {
            let bin = self.bin(value);
            let place = match bin {
                0 => 0,
                outside if outside + 1 == self.histogram.len() => self.values.len(),
                _ => {
                    let slot = self.slot(value);
                    let (start, end) = (self.starts[slot], self.starts[slot + 1]);
                    start + self.values[start..end].partition_point(|known| *known < value)
                }
            };
            let at = self.values.get(place) == Some(&value);
            self.window[2 * place + usize::from(at)] += 1;
            self.histogram[bin] += 1;
        }
        self.waiting = waiting;
    }

    /// Values in the reference, and in the window.
    pub fn sizes(&self) -> [u64; 2] {
        [self.reference.iter().sum(), self.window.iter().sum()]
    }

    /// Of each value: how often it is in the reference, and how many of the window lie before it and at it.
    fn cells(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        self.reference.iter().zip(self.window.chunks_exact(2)).map(|(&reference, pair)| (reference, pair[0], pair[1]))
    }

    /// Compares; both have values.
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    pub fn compare(&self) -> Comparison {
        let [reference, window] = self.sizes();
        let (deciles, difference) = (self.deciles(reference), self.difference(reference, window));
        Comparison {
            test: Test::KolmogorovSmirnov,
            statistic: difference as f64 / (reference as f64 * window as f64),
            p_value: ks_p_value(reference, window, difference),
            // Holm's correction knows the other features.
            corrected_p_value: 1.0,
            psi: population_stability_index(&deciles.0, &deciles.1),
            jensen_shannon: jensen_shannon(&deciles.0, &deciles.1),
        }
    }

    /// The largest difference of the two distribution functions, times both sizes: a whole number. It is at a value of the reference
    /// or right before one.
    fn difference(&self, reference: u64, window: u64) -> u64 {
        let (mut seen, mut largest) = ([0, 0], 0);
        for (ours, before, at) in self.cells() {
            seen[1] += before;
            largest = largest.max((seen[0] * window).abs_diff(seen[1] * reference));
            seen = [seen[0] + ours, seen[1] + at];
            largest = largest.max((seen[0] * window).abs_diff(seen[1] * reference));
        }
        largest
    }

    /// Both samples over the reference's deciles, each open to below and closed to above. A value that is several deciles has a bin
    /// of its own, so that what lies on either side of it is seen.
    fn deciles(&self, reference: u64) -> (Vec<u64>, Vec<u64>) {
        // The ranks of the values that are deciles, as numpy's "inverted_cdf".
        let ranks: Vec<u64> = (1..10).map(|tenth| (tenth * reference).div_ceil(10)).collect();
        let (mut bins, mut bin, mut seen) = ((Vec::new(), Vec::new()), [0, 0], 0);
        let mut end = |bin: &mut [u64; 2]| {
            bins.0.push(bin[0]);
            bins.1.push(bin[1]);
            *bin = [0, 0];
        };
        for (ours, before, at) in self.cells() {
            bin[1] += before;
            let deciles = ranks.iter().filter(|&&rank| (seen + 1..=seen + ours).contains(&rank)).count();
            if deciles > 1 {
                end(&mut bin);
            }
            bin = [bin[0] + ours, bin[1] + at];
            if deciles > 0 {
                end(&mut bin);
            }
            seen += ours;
        }
        bin[1] += self.window.last().unwrap_or(&0);
        end(&mut bin);
        bins
    }

    fn range(&self) -> (f64, f64) {
        let end = |value: Option<&f32>| value.copied().map_or(0.0, f64::from);
        (end(self.values.first()), end(self.values.last()))
    }

    /// The slot of a value within the reference's range.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few slots")]
    fn slot(&self, value: f32) -> usize {
        let slots = (self.histogram.len() - 2) * SLOTS;
        (((f64::from(value) - self.range().0) * self.scale) as usize).min(slots.saturating_sub(1))
    }

    /// The bin of a histogram that a value belongs to.
    fn bin(&self, value: f32) -> usize {
        let ((low, high), number) = (self.range(), f64::from(value));
        if number < low {
            0
        } else if number > high {
            self.histogram.len() - 1
        } else {
            1 + self.slot(value) / SLOTS
        }
    }

    /// Both samples over bins of equal width, with what lies outside the reference's range first and last.
    #[expect(clippy::cast_precision_loss, reason = "a few bins")]
    pub fn bins(&self) -> Vec<Bin> {
        let ((low, high), count) = (self.range(), self.histogram.len() - 2);
        let mut reference = vec![0; count + 2];
        for (&value, count) in self.values.iter().zip(&self.reference) {
            reference[self.bin(value)] += count;
        }
        let edge = |bin: usize| low + (high - low) * bin as f64 / count.max(1) as f64;
        let bin = |(place, (&window, reference)): (usize, (&u64, u64))| Bin {
            value: None,
            from: (place > 0).then(|| edge(place - 1)),
            to: (place <= count).then(|| edge(place)),
            reference,
            window,
        };
        self.histogram.iter().zip(reference).enumerate().map(bin).collect()
    }
}
