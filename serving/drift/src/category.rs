//! The values of a category: how often each word is there.

use crate::{
    chi_square::{chi_square, pool},
    distance::{jensen_shannon, population_stability_index},
    report::{Bin, Comparison, Test},
};

pub(crate) struct Words {
    /// Each once, in order, with how often it is in the reference and in the window.
    known: Vec<(String, [u64; 2])>,
    /// What the reference does not have: a category of its own, whatever it says.
    unseen: u64,
}

impl Words {
    pub fn new(reference: impl IntoIterator<Item = (String, u64)>) -> Self {
        let mut known: Vec<_> = reference.into_iter().map(|(word, count)| (word, [count, 0])).collect();
        known.sort();
        known.dedup_by(|later, first| {
            let same = later.0 == first.0;
            first.1[0] += if same { later.1[0] } else { 0 };
            same
        });
        Self { known, unseen: 0 }
    }

    /// Counts a word of the window.
    pub fn count(&mut self, word: &str) {
        match self.known.binary_search_by(|(known, _)| known.as_str().cmp(word)) {
            Ok(place) => self.known[place].1[1] += 1,
            Err(_) => self.unseen += 1,
        }
    }

    /// Values in the reference, and in the window.
    pub fn sizes(&self) -> [u64; 2] {
        let [reference, window] = [0, 1].map(|side| self.known.iter().map(|(_, count)| count[side]).sum::<u64>());
        [reference, window + self.unseen]
    }

    /// Values of the window that the reference does not have.
    pub fn unseen(&self) -> u64 {
        self.unseen
    }

    /// Compares; both have values.
    pub fn compare(&self) -> Comparison {
        let sides = [0, 1].map(|side| {
            let known = self.known.iter().map(|(_, count)| count[side]);
            known.chain([[0, self.unseen][side]]).collect::<Vec<u64>>()
        });
        let pooled = pool(&sides[0], &sides[1]);
        let (statistic, p_value) = chi_square(&pooled.0, &pooled.1);
        Comparison {
            test: Test::ChiSquare,
            statistic,
            p_value,
            // Holm's correction knows the other features.
            corrected_p_value: 1.0,
            psi: population_stability_index(&sides[0], &sides[1]),
            jensen_shannon: jensen_shannon(&sides[0], &sides[1]),
        }
    }

    /// Both samples by word; last, without a word, what the reference does not have.
    pub fn bins(&self) -> Vec<Bin> {
        let bin = |value, [reference, window]: [u64; 2]| Bin { value, from: None, to: None, reference, window };
        let known = self.known.iter().map(|(word, counts)| bin(Some(word.clone()), *counts));
        known.chain([bin(None, [0, self.unseen])]).collect()
    }
}
