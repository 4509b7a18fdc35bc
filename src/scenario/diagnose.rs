//! Draws problems as rustc does: message, place, the line with the spot underlined, a hint. The only user of
//! `annotate-snippets`.

use super::fault::Problem;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};
use std::ops::Range;

/// All problems, one block each, and a last line with their number; colours only if wanted.
pub fn render(problems: &[Problem], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for problem in problems {
        let source = &problem.source;
        let primary = AnnotationKind::Primary.span(inside(&source.text, &problem.span));
        let related = problem
            .related
            .iter()
            .map(|(span, word)| AnnotationKind::Context.span(inside(&source.text, span)).label(word.as_str()));
        let snippet =
            Snippet::source(source.text.as_str()).path(source.name.as_str()).annotation(primary).annotations(related);
        let mut group: Group<'_> = Level::ERROR.primary_title(problem.fault.to_string()).element(snippet);
        if let Some(hint) = problem.fault.hint() {
            group = group.element(Level::HELP.message(normalize_untrusted_str(&hint)));
        }
        text.push_str(&renderer.render(&[group]));
        text.push_str("\n\n");
    }
    let count = problems.len();
    text.push_str(&format!("{count} problem{} found\n", if count == 1 { "" } else { "s" }));
    text
}

/// A span that surely lies in the text, on borders of characters.
fn inside(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = floor(text, span.start);
    let mut end = span.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
