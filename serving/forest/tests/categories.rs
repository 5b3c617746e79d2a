//! Words as features: read, encoded both ways, written into the graph and read back.

use forest::{Columns, Predictor, Table, Unreadable, export, fit, import};
use model_file::ModelFile;

const FILE: &str = "
registry: {model: churn, experiment: e, run: r}
data: {file: churn.csv, target: churned}
features:
  - {name: tenure, type: integer, range: [0, 72]}
  - {name: contract, type: category, values: [month, year, two years]}
  - {name: rating, type: category, values: [low, middle, high], encoding: ordinal}
classes:
  - {value: \"no\", label: stays}
  - {value: \"yes\", label: leaves, positive: true}
training: {n_estimators: 20, max_depth: 6, min_samples_split: 2, min_samples_leaf: 1, random_state: 1, test_size: 0.2, stratify: true}
";

fn file(text: &str) -> ModelFile {
    ModelFile::read("churn.yaml", text.as_bytes()).unwrap_or_else(|mistakes| panic!("{}", mistakes[0].message)).0
}

/// Customers leave by the month, or where they rate low and are new.
fn rows() -> String {
    let row = |place: usize| {
        let (tenure, contract, rating) = (place * 7 % 72, place % 3, place / 3 % 3);
        let leaves = contract == 0 || (rating == 0 && tenure < 12);
        let word = |words: [&'static str; 3], place: usize| words[place];
        format!(
            "{tenure},{},{},{}\n",
            word(["month", "year", "two years"], contract),
            word(["low", "middle", "high"], rating),
            if leaves { "yes" } else { "no" }
        )
    };
    format!("tenure,contract,rating,churned\n{}", (0..300).map(row).collect::<String>())
}

#[test]
fn words_come_back_from_onnx_as_columns() {
    let file = file(FILE);
    let table = Table::read("churn.csv", rows().as_bytes(), &file).expect("good rows");
    let columns = Columns::of(&file);
    assert_eq!(columns.len(), 5, "one number, three values, one place");
    assert_eq!(columns.encode(&[12.0, 2.0, 1.0]).collect::<Vec<_>>(), [12.0, 0.0, 0.0, 1.0, 1.0]);
    let every: Vec<usize> = (0..table.len()).collect();
    let fitted = fit(&table, &every, &columns, &file.training).expect("it fits");
    let onnx = export(&fitted.ensemble, &columns, &file);
    let back = import(&onnx, &file).expect("it is ours");
    assert_eq!(back.columns, columns);
    let flat: Vec<f32> = table.rows().flatten().copied().collect();
    let predictor = Predictor::new(&back.ensemble, &back.columns);
    let probabilities = predictor.predict_all(&flat, 3);
    assert_eq!(probabilities, Predictor::new(&fitted.ensemble, &columns).predict_all(&flat, 3));
    let right =
        probabilities.chunks_exact(2).zip(table.labels()).filter(|(p, class)| usize::from(p[1] > 0.5) == **class);
    assert!(right.count() > 290);

    let other = file_with("values: [month, year, two years]", "values: [month, year]");
    assert!(matches!(import(&onnx, &other), Err(Unreadable::Other(..))), "a value that the model file does not know");
    let other = file_with("values: [low, middle, high]", "values: [high, middle, low]");
    assert!(matches!(import(&onnx, &other), Err(Unreadable::Other(..))), "values in another order");
    let other = file_with("value: \"no\"", "value: \"nope\"");
    assert!(matches!(import(&onnx, &other), Err(Unreadable::Other(..))), "another class");
}

fn file_with(right: &str, wrong: &str) -> ModelFile {
    let text = FILE.replace(right, wrong);
    assert_ne!(text, FILE);
    file(&text)
}

#[test]
fn half_a_file_and_other_files_are_refused_and_never_panic() {
    let file = file(FILE);
    let table = Table::read("churn.csv", rows().as_bytes(), &file).expect("good rows");
    let columns = Columns::of(&file);
    let fitted = fit(&table, &(0..table.len()).collect::<Vec<_>>(), &columns, &file.training).expect("it fits");
    let onnx = export(&fitted.ensemble, &columns, &file);
    for cut in (0..onnx.len()).step_by(97) {
        assert!(import(&onnx[..cut], &file).is_err(), "{cut} bytes of {}", onnx.len());
    }
    // Whatever a byte becomes, the file is refused or serves probabilities: nothing panics and nothing loops.
    for place in (0..onnx.len()).step_by(31) {
        let mut damaged = onnx.clone();
        damaged[place] ^= 0x55;
        if let Ok(foreign) = import(&damaged, &file) {
            let answer = Predictor::new(&foreign.ensemble, &foreign.columns).predict_all(&[1.0, 0.0, 0.0], 3);
            assert_eq!(answer.len(), 2);
        }
    }
}

#[test]
fn bad_rows_are_told_with_row_line_and_column() {
    let file = file(FILE);
    let told = |text: &str| Table::read("churn.csv", text.as_bytes(), &file).expect_err("bad").to_string();
    let good = rows();
    let header = "tenure,contract,rating,churned";
    let bad = good.replacen("0,month,low,yes", "x,weekly,,maybe", 1);
    for words in [
        "row 1 (line 2), column tenure: \"x\" is no number",
        "row 1 (line 2), column contract: \"weekly\" is none of month, year, two years",
        "row 1 (line 2), column rating: the cell is empty",
        "row 1 (line 2), column churned: \"maybe\" is no class; the model file knows no, yes",
        "\n\nhint: ",
    ] {
        assert!(told(&bad).contains(words), "{words}\n{}", told(&bad));
    }
    assert!(told(&good.replacen(header, "tenure,contrat,rating,churned", 1)).contains("there is no column contract"));
    assert!(
        told(&good.replacen(header, "tenure,contract,contract,churned", 1))
            .contains("the column contract is there twice")
    );
    assert!(told(&good.replacen("7,year", "7.5,year", 1)).contains("7.5 is not whole"));
    assert!(told(&good.replacen("7,year", "1e99,year", 1)).contains("no number that a model can hold"));
    assert!(told("").contains("there is no column tenure"));
    assert!(told(&format!("{header}\n")).contains("the class no has 0 rows"));
    assert!(told(&format!("{header}\n1,month\n")).contains("row 1 (line 2): it has 2 cells, the header 4"));
    let many = format!("{header}\n{}", "x,y,z,w\n".repeat(100));
    assert!(told(&many).contains("and 380 more"), "{}", told(&many));
}
