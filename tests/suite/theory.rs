//! What theory predicts of parts of the model, and the code must reproduce. The checks themselves are in the library, for
//! `entente verify` shows them to people.

use entente::analysis::verification::chapters;

#[test]
fn every_prediction_holds() {
    let mut wrong = Vec::new();
    let chapters = chapters().unwrap();
    for chapter in &chapters {
        assert!(!chapter.checks.is_empty(), "{} checks nothing", chapter.name);
        for check in chapter.checks.iter().filter(|check| !check.passes()) {
            wrong.push(format!(
                "{}: {}: theory {}, code {}, may differ by {}",
                chapter.name, check.what, check.predicted, check.measured, check.tolerance
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The document is made by `entente verify --out docs`; its figures may be older than the code, its text may not.
    let document = std::fs::read_to_string("docs/verification.md").unwrap();
    for chapter in &chapters {
        let said = chapter.checks.iter().all(|check| document.contains(&format!("| {} |", check.what)));
        assert!(
            said && document.contains(chapter.about),
            "docs/verification.md is stale: run entente verify --out docs"
        );
    }
    let names: Vec<&str> = chapters.iter().map(|chapter| chapter.name).collect();
    for name in ["landscape", "lanchester", "balance", "triads", "contest", "conservation", "sanity"] {
        assert!(names.contains(&name), "{name} is not checked");
    }
}
