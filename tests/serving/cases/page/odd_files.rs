//! Files that are no such files, and such as other programs write them, in a browser.

use std::fs;

use browser::browse;
use servers::free_port;

use super::{
    rows::{Rows, ended, told},
    stack::{Page, find, serve_churn, well},
};

#[test]
fn every_file_is_taken_or_has_words_of_its_own() {
    let rows = Rows::of(3, &[]);
    let address = format!("127.0.0.1:{}", free_port());
    let api = serve_churn(&rows.project, address.parse().unwrap(), &[]);
    let page = Page::of(&[("API_URL_CHURN", &api.url(""))]);
    let file = rows.project.text("odd.csv");
    let (header, list) = (&rows.header, &rows.list);
    let text = format!("{header}\n{}\n", list.join("\n"));
    let lacks = text.replace("tenure", "years");
    let long = format!("{header}\n\"{}", "x\n".repeat(1 << 20));
    let refused: [(&str, &[u8], &str, &str); 7] = [
        ("en", b"", "empty", "There is nothing in this file that can be predicted."),
        ("fr", header.as_bytes(), "empty", "Ce fichier ne contient rien à prédire."),
        ("en", lacks.as_bytes(), "missing", "Missing: tenure. In the file: years, monthly_charges,"),
        ("fr", lacks.as_bytes(), "missing", "Manquent : tenure. Dans le fichier : years, monthly_charges,"),
        (
            "en",
            b"PK\x03\x04\x14\0\x06\0\x08\0\n\xff",
            "binary",
            "If it is a spreadsheet, open it there, save it as CSV",
        ),
        ("fr", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary", "Ce n’est pas un fichier CSV."),
        ("en", long.as_bytes(), "large", "look for a quotation mark that is not closed"),
    ];
    let semicolons = text.replace(',', ";").replace('.', ",");
    let quoted =
        format!("note,{header}\r\n\"two\r\nlines, \"\"quoted\"\"\",{}\r\n\r\n\"\",many{}\r\n", list[0], list[1]);
    let taken: [(&str, String, [usize; 2], &str); 4] = [
        ("semicolons", format!("\u{feff}{semicolons}"), [3, 0], "2,3,4"),
        ("the line ends of Windows", text.replace('\n', "\r\n"), [3, 0], "2,3,4"),
        ("quotes and a blank line", quoted, [2, 1], "2,4"),
        ("no last line end", text.trim_end().to_owned(), [3, 0], "2,3,4"),
    ];
    browse(async |browser| {
        let send = async |language: &str, bytes: &[u8]| {
            fs::write(&file, bytes).unwrap();
            browser.goto(&page.url(&format!("/{language}/models/churn/batch"))).await.unwrap();
            find(browser, "#file").await.send_keys(&file).await.unwrap();
            find(browser, "#batch .primary").await.click().await.unwrap();
            ended(browser).await;
        };
        for (language, bytes, kind, words) in refused {
            send(language, bytes).await;
            let card = find(browser, &format!("#batch-trouble [data-trouble={kind}]")).await.text().await.unwrap();
            assert!(card.contains(words), "{card}");
            assert_eq!(browser.evaluate("return document.querySelector('[data-results]').hidden").await, true);
            well(browser, &format!("page-batch-{kind}-{language}")).await;
        }
        for (what, text, counts, lines) in taken {
            send("fr", text.as_bytes()).await;
            assert_eq!(told(browser).await.1[..2], counts, "{what}");
            let shown =
                "return [...document.querySelectorAll('#shown-rows th')].map((cell) => cell.textContent).join()";
            assert_eq!(browser.evaluate(shown).await, lines, "{what}");
        }
        // The only letter that is no UTF-8 is in a piece amid others: the answer is marked nevertheless.
        let notes = |count: usize| format!("\n,{}", list[0]).repeat(count);
        let mut old = format!("note,{header}{0}\nna?ve,{1}{0}\n", notes(700), list[0]).into_bytes();
        let letter = old.iter().rposition(|&byte| byte == b'?').unwrap();
        old[letter] = 0xEF;
        send("en", &old).await;
        assert_eq!(told(browser).await.1[..2], [1401, 0]);
        let whole = rows.downloaded(browser, "odd-predictions.csv").await;
        assert!(whole.starts_with("\u{feff}note,") && whole.contains("\r\nnaïve,"), "{}", &whole[..100]);
        // Somebody mends the file, and forgets to choose it again.
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&file, format!("{text}{}\n", list[0])).unwrap();
        find(browser, "#batch .primary").await.click().await.unwrap();
        let card = find(browser, "#batch-trouble [data-trouble=gone]").await.text().await.unwrap();
        assert!(card.contains("Choose it again."), "{card}");
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}
