//! What is in a file, and how it is written, comes back as it was, with results or reasons.

use serde_json::{Value, json};

use super::stub::{FIELD, FILE, FORMS, ROWS, lines, rows, send, start};

#[tokio::test]
async fn a_french_spreadsheets_file_comes_back_with_results_and_reasons() {
    let (router, stub, session) = start().await;
    let file = "\u{feff}Nom;Taille;Région;Âge\r\n\"=cmd;\"\"x\"\"\nb\";8,5;\"sud \"\"est\"\"\";40\r\n\
                <script>;;ouest;1,5\r\ncourt;1\r\nlong;1;nord;2;de;trop\r\n\r\nfin;2.5;nord;41";
    let part = rows(&router, &session, file).await;
    assert_eq!(
        part["header"],
        "Nom;Taille;Région;Âge;label;probability;probability_a;probability_b;probability_c;model_version;problem\r\n"
    );
    let csv = part["csv"].as_str().expect("text");
    let expected = "\"=cmd;\"\"x\"\"\nb\";8,5;\"sud \"\"est\"\"\";40;'=Ah;0,850000;0,850000;0,050000;0,100000;3;\r\n\
                    <script>;;ouest;1,5;;;;;;;\"Âge\u{a0}: Écrivez un nombre entier. (1,5) Taille\u{a0}: Rien n’y est écrit.";
    assert_eq!(csv.lines().count(), 6, "{csv}");
    assert!(csv.starts_with(expected), "{csv}");
    assert!(csv.contains("\r\ncourt;1;;;;;;;;;Cette ligne"), "{csv}");
    assert!(csv.contains("\r\nlong;1;nord;2;;;;;;;Cette ligne") && csv.contains("6 / 4 · de · trop\r\n"), "{csv}");
    assert!(csv.ends_with("\r\nfin;2.5;nord;41;Bé;0,650000;0,250000;0,650000;0,100000;3;\r\n"), "{csv}");
    // Rows, wrong ones, and those of each class.
    assert_eq!(part["counts"], json!([5, 3, 1, 1, 0]));
    let bins: Vec<u64> =
        part["bins"].as_array().expect("bins").iter().map(|count| count.as_u64().expect("a count")).collect();
    assert_eq!((bins.len(), bins[13], bins[17], bins.iter().sum()), (20, 1, 1, 2_u64));
    let sent =
        json!([{"Âge": 40, "Taille": 8.5, "Région": "sud \"est\""}, {"Âge": 41, "Taille": 2.5, "Région": "nord"}]);
    assert_eq!(*stub.asked.lock().expect("lock"), [sent]);
    let shown = part["shown"].as_str().expect("HTML");
    assert!(shown.contains("sud &#34;est&#34;") && !shown.contains("<script>"), "{shown}");
    assert_eq!(part["wrong"].as_str().expect("HTML").matches("<tr").count(), 3);
    // As a spreadsheet counts: a line break within quotes begins no line, a blank line is one.
    assert_eq!(lines(shown), ["2", "3", "4", "5", "7"]);
}

#[tokio::test]
async fn commas_tabs_and_old_encodings_are_read() {
    let (router, stub, session) = start().await;
    // Windows-1252; a column from an earlier run; and 1,5 is ambiguous where commas separate.
    let file = b"Taille,R\xE9gion,label,\xC2ge\n1e0,nord,\x80,7\n\"1,5\",nord,x,7\n".to_vec();
    let part = rows(&router, &session, file).await;
    assert!(part["header"].as_str().expect("text").starts_with("Taille,Région,label,Âge,label_,probability,"));
    let csv = part["csv"].as_str().expect("text");
    assert!(csv.starts_with("1e0,nord,€,7,Bé,0.800000,"), "{csv}");
    assert_eq!(part["counts"], json!([2, 1, 0, 1, 0]));
    rows(&router, &session, "Âge\tTaille\tRégion\n1\t2,5\tnord\n").await;
    // Each system ends its lines in its own way.
    for (end, found) in [("\n", ["3", "6"]), ("\r\n", ["3", "6"]), ("\r", ["2", "3"])] {
        let file = "Âge,Taille,Région||1,1,nord|||2,2,nord|".replace('|', end);
        let part = rows(&router, &session, file).await;
        assert_eq!(lines(part["shown"].as_str().expect("HTML")), found, "{end:?}");
    }
    assert_eq!(stub.asked.lock().expect("lock")[1], json!([{"Âge": 1, "Taille": 2.5, "Région": "nord"}]));
}

/// Programs look for it: where it was, where numbers have commas, and where there was another encoding than there is now.
#[tokio::test]
async fn a_byte_order_mark_is_there_where_it_is_needed() {
    let _alone = FORMS.lock().await;
    let (router, _, session) = start().await;
    let plain = "Age,Taille,Region,note\n1,2,nord,\n";
    let other = [plain.as_bytes(), b"1,2,nord,\x80\n"].concat();
    // The first letter that says so may come late.
    let late = [plain.as_bytes(), "1,2,nord,\n".repeat(600).as_bytes(), b"1,2,nord,\x80\n"].concat();
    let marked = format!("\u{feff}{plain}").into_bytes();
    let semicolons = plain.replace(',', ";").into_bytes();
    for (file, mark) in
        [(plain.into(), ""), (other, "\u{feff}"), (late, "\u{feff}"), (marked, "\u{feff}"), (semicolons, "\u{feff}")]
    {
        if file.len() < 100 {
            let (_, text) = send(&router, "/fr/models/plain/batch/rows", "text/csv", &session, file.clone()).await;
            let part: Value = serde_json::from_str(&text).expect("JSON");
            assert!(part["mark"] == mark && part["header"].as_str().expect("text").starts_with("Age"), "{part}");
        }
        let body = [format!("{FIELD}{}\r\n{FILE}", session[1]).as_bytes(), &file, b"\r\n--x--\r\n"].concat();
        let kind = "multipart/form-data; boundary=x";
        let (status, text) = send(&router, "/fr/models/plain/batch", kind, &session, body).await;
        assert!(status == 200 && text.starts_with(&format!("{mark}Age")), "{status} {}", &text[..100]);
    }
}

#[tokio::test]
async fn what_is_no_such_file_is_said_in_one_card() {
    let (router, stub, session) = start().await;
    let card = async |body: &str, kind: &str, words: &[&str]| {
        let (status, text) = send(&router, ROWS, "text/csv", &session, body.to_owned()).await;
        assert!(status == 200 && text.contains(&format!("data-trouble=\"{kind}\"")), "{status} {text}");
        for word in words {
            assert!(text.contains(word), "{word} is not in {text}");
        }
    };
    card("", "empty", &[]).await;
    card("\n\n", "empty", &[]).await;
    card("Âge,Taille,Région", "empty", &[]).await;
    card("Âge;taille;autre\n1;2;3", "missing", &["Taille, Région.", "Âge, taille, autre."]).await;
    card("Âge,Taille,Région,Âge\n1,2,nord,3", "twice", &["Âge"]).await;
    card("PK\u{3}\u{4}\0\0", "binary", &["CSV"]).await;
    card("%PDF-1.7\n1 0 obj", "missing", &["%PDF-1.7."]).await;
    card(&"x".repeat((1 << 20) + 1), "large", &[]).await;
    let (status, _) = send(&router, ROWS, "text/csv", &[session[0].clone(), "0".repeat(64)], "Âge").await;
    assert_eq!(status, 403);
    assert!(stub.asked.lock().expect("lock").is_empty());
}
