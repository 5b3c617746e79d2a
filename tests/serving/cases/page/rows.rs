//! A file of customers, and what must come back of it.

use std::{fmt::Write, fs, path::PathBuf, time::Duration};

use browser::Browser;
use serde_json::{Map, Value, json};

use super::stack::{churn, find, until};
use crate::{program::Api, project::Project};

/// A CSV file in a folder of its own.
pub struct Rows {
    pub project: Project,
    /// The line of names, and the rows; some of them nobody can predict from.
    pub header: String,
    pub list: Vec<String>,
}

impl Rows {
    /// Customers one after the other, from the start again until there are so many; of those at `wrong` the tenure is a word.
    pub fn of(count: usize, wrong: &[usize]) -> Self {
        let project = Project::new();
        churn(&project);
        let known = fs::read_to_string(project.text("churn.csv")).unwrap();
        let (header, rows) = known.split_once('\n').unwrap();
        let mut list: Vec<String> = rows.lines().cycle().take(count).map(str::to_owned).collect();
        for &place in wrong {
            list[place] = list[place].split_once(',').map(|(_, rest)| format!("many,{rest}")).unwrap();
        }
        Self { project, header: header.to_owned(), list }
    }

    /// Writes it, with a blank line before the row at `blank`.
    pub fn file(&self, blank: usize) -> String {
        let (before, after) = self.list.split_at(blank);
        let file = self.project.text("rows.csv");
        let text = format!("{}\n{}\n\n{}\n", self.header, before.join("\n"), after.join("\n"));
        fs::write(&file, text).unwrap();
        file
    }

    /// What must come back of the first `count` rows, as the API answers when it is asked itself.
    pub fn answered(&self, api: &Api, count: usize) -> String {
        let results = "label,probability,probability_no,probability_yes,risk_level,model_version,problem";
        let mut text = format!("{},{results}\r\n", self.header);
        for rows in self.list[..count].chunks(300) {
            let right: Vec<Value> = rows.iter().filter_map(|row| self.asked(row)).collect();
            let (status, answers) = api.predict(&right.into());
            assert_eq!(status, 200, "{answers}");
            let mut answers = answers.as_array().unwrap().iter();
            for row in rows {
                let results = if self.asked(row).is_some() {
                    let answer = answers.next().unwrap();
                    let share = |class: &str| format!("{:.6}", answer["probabilities"][class].as_f64().unwrap());
                    let word = |field: &str| answer[field].as_str().unwrap().to_owned();
                    let (no, yes) = (share("no"), share("yes"));
                    format!("{},{yes},{no},{yes},{},{},", word("label"), word("risk_level"), word("model_version"))
                } else {
                    ",,,,,,tenure: Write a whole number. (many)".to_owned()
                };
                write!(text, "{row},{results}\r\n").unwrap();
            }
        }
        text
    }

    /// A row as the API wants it, if it is right.
    fn asked(&self, row: &str) -> Option<Value> {
        let pairs = self.header.split(',').zip(row.split(',')).filter(|(name, _)| *name != "churned");
        let value = |cell: &str| cell.parse::<f64>().map_or_else(|_| json!(cell), |number| json!(number));
        let object: Map<String, Value> = pairs.map(|(name, cell)| (name.to_owned(), value(cell))).collect();
        object["tenure"].is_number().then_some(Value::Object(object))
    }

    /// What the browser keeps when it downloads `name`.
    pub async fn downloaded(&self, browser: &Browser, name: &str) -> String {
        let file = self.downloads(browser).await.join(name);
        let _ = fs::remove_file(&file);
        find(browser, "#batch-download").await.send_keys("\u{e007}").await.unwrap();
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            // It has this name once it is whole.
            if let Ok(text) = fs::read_to_string(&file) {
                return text;
            }
        }
        panic!("{name} was not downloaded");
    }

    async fn downloads(&self, browser: &Browser) -> PathBuf {
        let folder = self.project.path("downloads");
        fs::create_dir_all(&folder).unwrap();
        let behavior = json!({"behavior": "allow", "downloadPath": folder.to_str().unwrap()});
        browser.devtools("Browser.setDownloadBehavior", &behavior).await;
        folder
    }
}

/// Waits until a file is done, or has stopped.
pub async fn ended(browser: &Browser) {
    until(
        browser,
        "return !document.querySelector('#batch[aria-busy]') && !!document.getElementById('batch-said').textContent",
    )
    .await;
}

/// What is said of a file, and what is counted: rows, wrong ones, and those of each class.
pub async fn told(browser: &Browser) -> (String, Vec<usize>) {
    let said = find(browser, "#batch-said").await.text().await.unwrap();
    let counts = "return [...document.querySelectorAll('[data-count]')].map((count) => Number(count.textContent.replace(/\\D/g, '')))";
    let counts = browser.evaluate(counts).await;
    let count = |count: &Value| usize::try_from(count.as_u64().unwrap()).unwrap();
    (said, counts.as_array().unwrap().iter().map(count).collect())
}
