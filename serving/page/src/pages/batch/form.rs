//! The form for a file of rows: what it needs, and what is said and shown of what comes of it.

use askama::Template;
use model_file::{DescribedClass, Description};

use super::{
    super::{Frame, trouble::Card},
    stopped,
};
use crate::{
    batch::{BINS, FileProblem},
    shown::{has_levels, usual, with_unit},
};

/// The form for a file, and the places of what comes of it.
#[derive(Template)]
#[template(path = "batch.html")]
pub struct Batch<'a> {
    frame: Frame,
    /// In addresses.
    model: &'a str,
    described: &'a Description,
    /// What stopped a file, or is about to.
    card: Option<Card>,
    /// What the script may have to say, by their identifiers.
    cards: [(&'static str, Card); 3],
}

impl<'a> Batch<'a> {
    /// That of a model, under what stopped the last file.
    pub fn of(frame: Frame, model: &'a str, described: &'a Description, card: Option<Card>) -> Self {
        let words = frame.words;
        let cards = [
            ("page-away", stopped::lost(words)),
            ("file-large", stopped::of_file(words, &FileProblem::Large)),
            ("file-gone", Card::new(words.trouble_batch_gone, "gone")),
        ];
        Self { frame, model, described, card, cards }
    }

    /// The columns that a file needs: the name in the file, what is in it, and what it takes.
    fn columns(&self) -> impl Iterator<Item = (&str, String, String)> {
        let words = self.frame.words;
        self.described.features.iter().map(|feature| {
            let value = |value: &String| match feature.shown_value(value) {
                shown if shown == value => shown.to_owned(),
                shown => format!("{value} ({shown})"),
            };
            let values = || feature.values.iter().map(value).collect::<Vec<_>>().join(", ");
            (feature.name.as_str(), with_unit(feature), usual(feature, words).unwrap_or_else(values))
        })
    }

    /// What the histogram is about.
    fn about(&self) -> String {
        let positive = self.described.classes.iter().find(|class| class.positive);
        let words = self.frame.words;
        let of = |label| format!("{}{}: {}", words.probability, words.gap, words.quoted(label));
        positive.map_or(words.batch_likeliest.to_owned(), |class| of(class.shown()))
    }

    /// What the columns of a table are called that hold what the model says.
    fn said(&self) -> Vec<&'static str> {
        let words = self.frame.words;
        let mut names = vec![words.result, words.probability];
        names.extend(has_levels(self.described).then_some(words.risk));
        names
    }

    /// What is counted, in the order of `Part`.
    fn counted(&self) -> Vec<&str> {
        let words = self.frame.words;
        let classes = self.described.classes.iter().map(DescribedClass::shown);
        [words.batch_rows, words.batch_wrong].into_iter().chain(classes).collect()
    }

    /// The tables of rows: identifier, title, explanation.
    fn tables(&self) -> [(&'static str, &'static str, String); 2] {
        let words = self.frame.words;
        let wrong = format!("{} {}", words.batch_wrong_how, words.batch_line_how);
        [("wrong", words.batch_wrong, wrong), ("shown", words.batch_first, words.batch_line_how.to_owned())]
    }

    /// The range of each bar.
    fn bars(&self) -> impl Iterator<Item = (usize, String)> {
        let words = self.frame.words;
        let width = 100 / BINS;
        (0..BINS).map(move |bar| (bar * 32, format!("{}\u{2013}{}{}%", bar * width, (bar + 1) * width, words.gap)))
    }
}
