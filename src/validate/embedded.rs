//! Reference results that are part of the program: `tests/reference`.

use super::folder::Tree;

const FILES: &[(&str, &str)] = &[];

pub(super) fn tree() -> Tree {
    Tree::of_texts("shipped", FILES)
}
