//! Whatever a scenario or a library file holds, reading it ends in a plan or in problems that can be drawn.

use packlife::library::{Library, SourceText};
use packlife::scenario::{diagnose, plan_from, starter};
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::builtin().expect("sound"));

/// Starter with its commented keys on, so that mutations meet every kind of key.
static TEXT: LazyLock<String> = LazyLock::new(|| {
    let is_key = |rest: &str| {
        let is_table = rest.starts_with('[');
        let starts = rest.starts_with(|c: char| c.is_lowercase()) && !rest.starts_with("library");
        is_table || (starts && rest.contains(" = ") && !rest.contains(" = ..."))
    };
    let on = |line: &str| match line.strip_prefix("# ") {
        Some(rest) if is_key(rest) => rest.to_owned(),
        _ => line.to_owned(),
    };
    let text: Vec<String> = starter("Mutated", &LIBRARY).lines().map(on).collect();
    text.join("\n") + "\n\"cells.lfp_prismatic.capacity_ah\" = 160\nclimates.delhi.latitude_deg = 3\n"
});

/// One change of a text.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(usize, String),
    Insert(usize, String),
    DropLine(usize),
    SwapLines(usize, usize),
    Cut(usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let piece = prop_oneof![
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just("\"".to_owned()),
        Just("=".to_owned()),
        Just("nan".to_owned()),
        Just("-inf".to_owned()),
        Just("1e999".to_owned()),
        Just("0x7fffffffffffffffffff".to_owned()),
        Just("99999999999999999999999999".to_owned()),
        Just("\n[second_life]\n".to_owned()),
        Just("\n[overrides.cells]\nx.y = [1, {}]\n".to_owned()),
        Just("1979-05-27".to_owned()),
        Just("{ a.b = 1 }".to_owned()),
        Just("é\u{202e}".to_owned()),
        "\\PC{0,8}",
        "[-0-9.e]{1,6}",
    ];
    let at = 0usize..20_000;
    prop_oneof![
        (at.clone(), piece.clone()).prop_map(|(at, s)| Mutation::Replace(at, s)),
        (at.clone(), piece).prop_map(|(at, s)| Mutation::Insert(at, s)),
        at.clone().prop_map(Mutation::DropLine),
        (at.clone(), at.clone()).prop_map(|(a, b)| Mutation::SwapLines(a, b)),
        at.prop_map(Mutation::Cut),
    ]
}

fn mutate(text: &str, mutation: &Mutation) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut lines: Vec<&str> = text.lines().collect();
    let place = |at: usize| at % (chars.len() + 1);
    match mutation {
        _ if lines.is_empty() => text.to_owned(),
        Mutation::Replace(at, s) | Mutation::Insert(at, s) => {
            let skip = usize::from(matches!(mutation, Mutation::Replace(..)));
            let head = chars[..place(*at)].iter().copied();
            head.chain(s.chars()).chain(chars[place(*at)..].iter().copied().skip(skip)).collect()
        }
        Mutation::DropLine(at) => {
            lines.remove(at % lines.len());
            lines.join("\n")
        }
        Mutation::SwapLines(a, b) => {
            let count = lines.len();
            lines.swap(a % count, b % count);
            lines.join("\n")
        }
        Mutation::Cut(at) => chars[..place(*at)].iter().collect(),
    }
}

fn read(text: &str) {
    let source = SourceText::new("mutated.toml", text);
    if let Err(problems) = plan_from(&source, "mutated", Path::new(""), LIBRARY.clone()) {
        assert!(!problems.is_empty());
        assert!(diagnose::render(&problems, true).contains("mutated.toml"));
    }
}

#[test]
fn the_text_itself_is_sound() {
    let source = SourceText::new("mutated.toml", TEXT.as_str());
    if let Err(problems) = plan_from(&source, "mutated", Path::new(""), LIBRARY.clone()) {
        panic!("{}", diagnose::render(&problems, false));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scenarios_never_panic(mutations in prop::collection::vec(mutation(), 1..4)) {
        read(&mutations.iter().fold(TEXT.clone(), |text, m| mutate(&text, m)));
    }

    #[test]
    fn library_files_never_panic(mutations in prop::collection::vec(mutation(), 1..4)) {
        let mut library = LIBRARY.clone();
        let text = mutations.iter().fold(include_str!("../library/systems.toml").to_owned(), |text, m| mutate(&text, m));
        if let Err(problems) = library.add_text("mutated.toml", &text) {
            prop_assert!(problems.iter().all(|p| p.span.end <= text.len() && !p.fault.to_string().is_empty()));
        }
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        read(&text);
    }
}
