//! What somebody put into a form, or a link: a text for each feature, read as the model wants it.

mod few;
mod input;

use form_urlencoded::{Serializer, parse};
pub use input::{Input, decimals};
use model_file::{DescribedFeature, Description};
use serde_json::{Map, Value};

use crate::words::Words;

/// The token that a form sends; no feature is called so.
pub const TOKEN: &str = ".token";
/// The feature whose curve is asked for.
pub const CURVE: &str = ".curve";
/// Whether a prediction is only tried: sliders move.
pub const TRIED: &str = ".tried";

/// The fields of a form, as they were sent.
#[derive(Debug, Clone, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `application/x-www-form-urlencoded`: a body or a query.
    pub fn read(text: &[u8]) -> Self {
        Self(parse(text).into_owned().collect())
    }

    /// The last value of a field: as in most forms, the one further down wins.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// An input for each feature, in the model's order.
#[derive(Debug)]
pub struct Inputs<'d> {
    /// One by one.
    pub list: Vec<Input<'d>>,
    /// Whether anything was sent at all.
    pub sent: bool,
}

impl<'d> Inputs<'d> {
    /// Those of a link: what it does not name is what a page begins with.
    pub fn of_link(model: &'d Description, link: &Form, words: &'static Words) -> Self {
        Self::of(model, link, |feature, text| {
            text.map_or_else(|| Input::default(feature), |text| Input::read(feature, text, words))
        })
    }

    /// Those of a form, which must have them all.
    pub fn of_form(model: &'d Description, form: &Form, words: &'static Words) -> Self {
        Self::of(model, form, |feature, text| Input::read(feature, text.unwrap_or_default(), words))
    }

    fn of(model: &'d Description, form: &Form, read: impl Fn(&'d DescribedFeature, Option<&str>) -> Input<'d>) -> Self {
        let sent = model.features.iter().any(|feature| form.get(&feature.name).is_some());
        let list = model.features.iter().map(|feature| read(feature, form.get(&feature.name))).collect();
        Self { list, sent }
    }

    /// Whether the model can be asked.
    pub fn are_fine(&self) -> bool {
        self.list.iter().all(|input| input.problem.is_none())
    }

    /// A row as the API wants it: a JSON object.
    pub fn row(&self) -> Map<String, Value> {
        self.list.iter().map(|input| (input.feature.name.clone(), input.value.clone())).collect()
    }

    /// The query of a link that carries the inputs.
    pub fn query(&self) -> String {
        let pairs = self.list.iter().map(|input| (&input.feature.name, &input.text));
        Serializer::new(String::new()).extend_pairs(pairs).finish()
    }
}
