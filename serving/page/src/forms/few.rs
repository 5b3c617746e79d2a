//! A list within a sentence, no longer than anybody reads: a category may have thousands of codes, and each row of a file that
//! has none of them is told so.

/// Values that are named, at most.
const MOST: usize = 10;

/// The first of `values`, and whether there are more.
pub fn few(values: &[String]) -> String {
    let more = if values.len() > MOST { ", …" } else { "" };
    values[..values.len().min(MOST)].join(", ") + more
}

#[cfg(test)]
mod tests {
    use model_file::DescribedFeature;
    use serde_json::json;

    use crate::{forms::Input, words::Words};

    fn problem(values: usize) -> String {
        let values: Vec<String> = (0..values).map(|value| value.to_string()).collect();
        let told = json!({"name": "f", "type": "category", "values": values});
        let feature: DescribedFeature = serde_json::from_value(told).expect("a feature");
        Input::read(&feature, "?", Words::of("en").expect("English")).problem.expect("a problem")
    }

    #[test]
    fn a_wrong_value_is_told_no_more_than_ten_others() {
        assert!(problem(10).ends_with(" 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"), "{}", problem(10));
        assert!(problem(5000).ends_with(" 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …"), "{} bytes", problem(5000).len());
    }
}
