//! What inputs and questions are called in sentences.

use crate::base::number::grouped;
use crate::mechanism::Behaviour;
use crate::scenario::Scenario;

/// An input in a few words: `faction.jnim.fighters` is "fighters (JNIM)"; the path itself if the scenario does not know
/// whose it is.
pub fn input(scenario: &Scenario, path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let file = &scenario.file;
    let actor = |id: &str| -> Option<String> {
        let faction = file.faction.iter().find(|faction| faction.id == id);
        let umbrella = file.umbrella.iter().find(|umbrella| umbrella.id == id);
        let faction = faction.map(|faction| faction.label.as_ref().unwrap_or(&faction.name));
        faction.or(umbrella.map(|umbrella| umbrella.label.as_ref().unwrap_or(&umbrella.name))).cloned()
    };
    let owner = match parts.as_slice() {
        ["relation", one, other, ..] => Some(format!(
            "{} – {}",
            actor(one).unwrap_or_else(|| (*one).to_owned()),
            actor(other).unwrap_or_else(|| (*other).to_owned())
        )),
        ["faction", id, ..] => actor(id),
        ["zone", id, ..] => file.zone.iter().find(|zone| zone.id == *id).map(|zone| zone.name.clone()),
        ["community", id, ..] => {
            file.community.iter().find(|community| community.id == *id).map(|community| community.name.clone())
        }
        ["accord", id, ..] => file.accord.iter().find(|accord| accord.id == *id).map(|accord| accord.name.clone()),
        ["event", id, ..] => file.event.iter().find(|event| event.id == *id).map(|event| event.name.clone()),
        ["behaviour", section, ..] => Some(mechanism(section)),
        _ => None,
    };
    let rest = if parts.first() == Some(&"relation") { parts.get(3..) } else { parts.get(2..) };
    if let (Some(owner), ["faction", _, "sponsors", sponsor]) = (&owner, parts.as_slice()) {
        return format!("dependence on {} ({owner})", actor(sponsor).unwrap_or_else(|| (*sponsor).to_owned()));
    }
    match (owner, rest) {
        (Some(owner), Some(rest)) if !rest.is_empty() => format!("{} ({owner})", plain(rest)),
        _ => path.to_owned(),
    }
}

/// A weight of the model in a few words: `behaviour.clashes.rate` is "rate (clashes)".
pub fn weight(path: &str) -> String {
    match path.split('.').collect::<Vec<_>>().as_slice() {
        ["behaviour", section, name] => format!("{} ({})", plain(&[name]), mechanism(section)),
        _ => path.to_owned(),
    }
}

/// A number of a scenario as it was given, with all its decimals: "2,500", "0.35".
pub fn number(value: f64) -> String {
    let decimals = value.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len());
    grouped(value, decimals)
}

/// A value of a scenario: words, a number, or several of them.
pub fn value(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::String(words) => words.clone(),
        Value::Array(list) => list.iter().map(self::value).collect::<Vec<_>>().join(", "),
        other => other.as_f64().map_or_else(|| other.to_string(), number),
    }
}

/// What a weight of the model means, in a sentence; none of what is no weight.
pub fn meaning(path: &str) -> Option<String> {
    let ["behaviour", section, name] = path.split('.').collect::<Vec<_>>()[..] else { return None };
    let sections = Behaviour::default().sections();
    let (_, table, _) = sections.into_iter().find(|(known, ..)| *known == section)?;
    let meaning = table.iter().find(|parameter| parameter.name == name)?.meaning.trim();
    Some(meaning.split_once(". ").map_or_else(|| meaning.to_owned(), |(first, _)| format!("{first}.")))
}

/// A mechanism in words.
fn mechanism(section: &str) -> String {
    if section == "one_sided" { "attacks on civilians".to_owned() } else { plain(&[section]) }
}

/// Words of a path without the marks between them.
fn plain(words: &[&str]) -> String {
    words.join(" ").replace('_', " ")
}

/// A question as a clause that can be said to come true: "Do A and B ally within a year?" is "A and B ally within a
/// year"; of others "the answer to “…” is yes".
pub fn clause(question: &str) -> String {
    let stem = question.trim().trim_end_matches('?');
    match stem.strip_prefix("Do ") {
        Some(rest) => rest.to_owned(),
        None => format!("the answer to “{}” is yes", question.trim()),
    }
}

/// A clause as the beginning of a sentence.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A list in words: "a", "a and b", "a, b and c".
pub fn list(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Overrides;
    use std::path::Path;

    #[test]
    fn inputs_and_questions_are_named_in_words() {
        let file = Path::new("configs/three-way-standoff.toml");
        let scenario = Scenario::load(file, &Overrides::default()).unwrap();
        let named = |path| input(&scenario, path);
        assert_eq!(named("faction.highlanders.fighters"), "fighters (Highlanders)");
        assert_eq!(named("relation.highlanders.traders.hostility"), "hostility (Highlanders – Traders)");
        assert_eq!(named("zone.crossing.strategic_value"), "strategic value (The Crossing)");
        assert_eq!(named("behaviour.choice.precision"), "precision (choice)");
        assert_eq!(named("behaviour.one_sided.most"), "most (attacks on civilians)");
        assert_eq!(named("faction.highlanders.sponsors.traders"), "dependence on Traders (Highlanders)");
        assert_eq!(named("x"), "x");
        for (given, told) in [
            ("8734", "8,734"),
            ("10000.0", "10,000"),
            ("0.35", "0.35"),
            ("-0.5", "−0.5"),
            ("[1.2,18]", "1.2, 18"),
            ("\"war\"", "war"),
            ("true", "true"),
        ] {
            assert_eq!(value(&serde_json::from_str(given).unwrap()), told);
        }
        assert_eq!(weight("behaviour.clashes.rate"), "rate (clashes)");
        assert_eq!(weight("behaviour.one_sided.most"), "most (attacks on civilians)");
        let known = meaning("behaviour.clashes.rate").unwrap();
        assert!(known.starts_with("Clashes per week") && known.ends_with("hostility."), "{known}");
        assert_eq!(meaning("behaviour.clashes.none"), None);
        assert_eq!(clause("Do A and B ally within a year?"), "A and B ally within a year");
        assert_eq!(clause("Is A one?"), "the answer to “Is A one?” is yes");
        assert_eq!(capital("the answer"), "The answer");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
