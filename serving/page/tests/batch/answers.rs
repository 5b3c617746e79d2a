//! What an API takes and refuses, and what it is asked again.

use std::sync::atomic::Ordering;

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;
use tower::ServiceExt;

use super::stub::{FIELD, FILE, FORMS, ROWS, rows, send, start, text};

#[tokio::test]
async fn what_the_api_refuses_stays_with_its_row_and_a_busy_api_is_a_card() {
    let (router, stub, session) = start().await;
    let file = "Âge,Taille,Région\n1,1,nord\nx,1,nord\n2,2,nord\n3,3,nord\n";
    stub.refused.store(1, Ordering::Relaxed);
    let part = rows(&router, &session, file).await;
    let csv = part["csv"].as_str().expect("text");
    assert_eq!(part["counts"], json!([4, 2, 0, 2, 0]));
    assert!(
        csv.contains("2,2,nord,,,,,,,Âge\u{a0}: Le modèle n’accepte pas cette valeur.\r\n3,3,nord,Bé,0.6"),
        "{csv}"
    );
    stub.busy.store(1, Ordering::Relaxed);
    let (status, text) = send(&router, ROWS, "text/csv", &session, file).await;
    assert!(status == 200 && text.contains("data-trouble=\"busy\" data-retry=\"1\""), "{text}");
}

#[tokio::test]
async fn an_api_is_asked_for_as_many_rows_as_it_takes() {
    let (router, stub, session) = start().await;
    stub.most.store(30, Ordering::Relaxed);
    stub.refused.store(1, Ordering::Relaxed);
    let row = |age: usize| format!("{age},{},nord\n", age % 10);
    let file = format!("Âge,Taille,Région\n{}", (0..100).map(row).collect::<String>());
    let part = rows(&router, &session, file).await;
    // 100 and 50 are too many; of the first 25, one is refused, and the others are asked for again.
    let asked: Vec<usize> = stub.asked().iter().map(Vec::len).collect();
    assert_eq!(asked, [25, 25, 25, 25, 24]);
    let csv: Vec<&str> = part["csv"].as_str().expect("text").lines().collect();
    assert_eq!((csv.len(), &part["counts"][1]), (100, &json!(1)));
    for (age, line) in csv.iter().enumerate().filter(|(age, _)| *age != 1) {
        let share = (9 - age % 10).max(age % 10);
        assert!(
            line.starts_with(&format!("{age},{},nord,", age % 10)) && line.contains(&format!(",0.{share}00000,")),
            "{line}"
        );
    }
    assert!(csv[1].ends_with("Âge\u{a0}: Le modèle n’accepte pas cette valeur."), "{}", csv[1]);
    // One row that is too much is for nobody to split.
    stub.most.store(0, Ordering::Relaxed);
    let (_, text) = send(&router, ROWS, "text/csv", &session, "Âge,Taille,Région\n1,2,nord\n").await;
    assert!(text.contains("data-trouble=\"unexpected\"") && text.contains("HTTP 413"), "{text}");
}

#[tokio::test]
async fn an_example_has_the_columns_and_what_the_form_begins_with() {
    let (router, _, session) = start().await;
    let get = async |language: &str| {
        let request =
            Request::get(format!("/{language}/models/m/batch/example")).body(Body::empty()).expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.headers()[header::CONTENT_DISPOSITION], "attachment; filename=\"m-example.csv\"");
        text(response.into_body()).await
    };
    let french = get("fr").await;
    assert_eq!(french, "\u{feff}Âge;Taille;Région\r\n7;2,5;nord\r\n");
    assert_eq!(get("en").await, "Âge,Taille,Région\r\n7,2.5,nord\r\n");
    assert_eq!(rows(&router, &session, french).await["counts"], json!([1, 0, 0, 1, 0]));
}

#[tokio::test]
async fn a_form_is_answered_with_a_file() {
    let _alone = FORMS.lock().await;
    let (router, stub, session) = start().await;
    let form = |token: &str, file: &str| format!("{FIELD}{token}\r\n{FILE}{file}\r\n--x--\r\n");
    let kind = "multipart/form-data; boundary=x";
    let path = "/fr/models/m/batch";
    let file = format!("Âge,Taille,Région\n{}", "1,1,nord\n".repeat(1200));
    stub.busy.store(1, Ordering::Relaxed);
    let (status, text) = send(&router, path, kind, &session, form(&session[1], &file)).await;
    assert_eq!(status, 200, "{text}");
    assert_eq!((text.lines().count(), text.matches("label").count()), (1201, 1));
    let asked: Vec<usize> = stub.asked().iter().map(Vec::len).collect();
    assert_eq!(asked, [500, 500, 200]);
    let (status, text) = send(&router, path, kind, &session, form(&session[1], "a,b\n1,2\n")).await;
    assert!(status == 422 && text.contains("data-trouble=\"missing\"") && text.contains("<form"), "{text}");
    let (status, _) = send(&router, path, kind, &session, form("no", &file)).await;
    assert_eq!(status, 403);
    let (status, text) = send(&router, path, kind, &session, form(&session[1], &"1,1,nord\n".repeat(2 << 20))).await;
    assert!(status == 413 && text.contains("data-trouble=\"large\""), "{status} {text}");
    let long = format!("Âge,Taille,Région\n\"{}", "x\n".repeat(1 << 20));
    let (status, text) = send(&router, path, kind, &session, form(&session[1], &long)).await;
    assert!(status == 413 && text.contains("data-trouble=\"large\""), "{text}");
}
