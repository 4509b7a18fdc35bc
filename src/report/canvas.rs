//! A slide to draw on, in pixels of 960 x 540.
//!
//! The backend knows whole numbers only, so everything is drawn four times larger and the picture's own size is set
//! by the `viewBox`.

use plotters::backend::DrawingBackend;
use plotters::prelude::*;
pub(crate) use plotters::style::RGBColor as Colour;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Width of a figure \[px\].
pub(crate) const WIDTH: f64 = 960.0;
/// Height of a figure \[px\].
pub(crate) const HEIGHT: f64 = 540.0;
/// Backend units in a pixel.
const SCALE: f64 = 4.0;
/// The backend divides font sizes by this.
const FONT_DIVISOR: f64 = 1.24;
/// Smallest font \[px\].
pub(crate) const SMALL: f64 = 15.0;

/// Okabe and Ito's palette, told apart by colour-blind eyes, and greys.
pub(crate) mod colour {
    use super::Colour;
    pub const INK: Colour = Colour(34, 34, 34);
    pub const SOFT: Colour = Colour(90, 90, 90);
    pub const GRID: Colour = Colour(222, 222, 222);
    pub const GREY: Colour = Colour(153, 153, 153);
    pub const WHITE: Colour = Colour(255, 255, 255);
    pub const BLUE: Colour = Colour(0, 114, 178);
    pub const ORANGE: Colour = Colour(230, 159, 0);
    pub const GREEN: Colour = Colour(0, 158, 115);
    pub const VERMILION: Colour = Colour(213, 94, 0);
    pub const SKY: Colour = Colour(86, 180, 233);
    pub const PURPLE: Colour = Colour(204, 121, 167);
    pub const YELLOW: Colour = Colour(240, 228, 66);
}

/// Where a text hangs on its point, vertically centred.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Anchor {
    /// Begins there.
    Start,
    /// Centred there.
    Middle,
    /// Ends there.
    End,
}

/// A figure in the making.
pub(crate) struct Canvas<'a> {
    backend: SVGBackend<'a>,
}

/// Draws a figure: title and subtitle above, `fill` below.
pub(crate) fn draw(title: &str, subtitle: &str, fill: impl FnOnce(&mut Canvas<'_>)) -> String {
    let mut body = String::new();
    {
        let size = ((WIDTH * SCALE) as u32, (HEIGHT * SCALE) as u32);
        let mut canvas = Canvas { backend: SVGBackend::with_string(&mut body, size) };
        canvas.rect(0.0, 0.0, WIDTH, HEIGHT, colour::WHITE, 1.0);
        canvas.bold(28.0, 32.0, 24.0, Anchor::Start, colour::INK, title);
        canvas.text(28.0, 62.0, SMALL, Anchor::Start, colour::SOFT, subtitle);
        fill(&mut canvas);
        // Writing to a text in memory cannot fail.
        canvas.backend.present().ok();
    }
    let inside = body.split_once('>').map_or("", |(_, rest)| rest);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {} {}\" \
         role=\"img\" font-family=\"Helvetica, Arial, sans-serif\">\n<title>{}</title>\n<desc>{}</desc>{}",
        WIDTH * SCALE,
        HEIGHT * SCALE,
        super::escape(title),
        super::escape(subtitle),
        inside.replace(" font-family=\"sans-serif\"", "")
    )
}

/// A figure that only says why there is nothing to see.
pub(crate) fn no_data(title: &str, why: &str) -> String {
    draw(title, "", |canvas| {
        canvas.rect(180.0, 200.0, WIDTH - 180.0, 340.0, Colour(243, 243, 243), 1.0);
        canvas.bold(WIDTH / 2.0, 252.0, 22.0, Anchor::Middle, colour::SOFT, "no data");
        canvas.text(WIDTH / 2.0, 292.0, 17.0, Anchor::Middle, colour::SOFT, why);
    })
}

/// Estimated width of a text \[px\]; on the wide side of common fonts.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    0.58 * size * text.chars().count() as f64
}

/// At most two lines that fit a width; what is longer ends in dots.
pub(crate) fn wrapped(text: &str, wide: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or("", String::as_str);
        let longer = if line.is_empty() { word.to_string() } else { format!("{line} {word}") };
        if text_width(&longer, SMALL) <= wide || line.is_empty() {
            lines.pop();
            lines.push(longer);
        } else if lines.len() == 2 {
            lines[1].push_str(" ...");
            break;
        } else {
            lines.push(word.to_string());
        }
    }
    lines
}

fn at(x: f64, y: f64) -> (i32, i32) {
    ((x * SCALE).round() as i32, (y * SCALE).round() as i32)
}

impl Canvas<'_> {
    /// Text in the regular weight.
    pub(crate) fn text(&mut self, x: f64, y: f64, size: f64, anchor: Anchor, colour: Colour, text: &str) {
        self.write(x, y, size, anchor, colour, FontStyle::Normal, text);
    }

    /// Text in the bold weight.
    pub(crate) fn bold(&mut self, x: f64, y: f64, size: f64, anchor: Anchor, colour: Colour, text: &str) {
        self.write(x, y, size, anchor, colour, FontStyle::Bold, text);
    }

    #[allow(clippy::too_many_arguments)]
    fn write(&mut self, x: f64, y: f64, size: f64, anchor: Anchor, colour: Colour, weight: FontStyle, text: &str) {
        let h_pos = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let font: FontDesc = ("sans-serif", size * SCALE * FONT_DIVISOR, weight).into();
        let style = font.color(&colour).pos(Pos::new(h_pos, VPos::Bottom));
        // The letters stand on the point; a third of their size below it centres them.
        self.backend.draw_text(text, &style, at(x, y + 0.6 * size)).ok();
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour, width: f64) {
        let style = stroke(colour, 1.0, width);
        self.backend.draw_line(at(from.0, from.1), at(to.0, to.1), &style).ok();
    }

    /// A line through points.
    pub(crate) fn path(&mut self, points: &[(f64, f64)], colour: Colour, width: f64) {
        if points.len() > 1 {
            let style = stroke(colour, 1.0, width);
            self.backend.draw_path(points.iter().map(|p| at(p.0, p.1)), &style).ok();
        }
    }

    /// A filled polygon.
    pub(crate) fn area(&mut self, points: &[(f64, f64)], colour: Colour, opacity: f64) {
        if points.len() > 2 {
            self.backend.fill_polygon(points.iter().map(|p| at(p.0, p.1)), &stroke(colour, opacity, 0.0)).ok();
        }
    }

    /// A filled rectangle between two corners.
    pub(crate) fn rect(&mut self, left: f64, top: f64, right: f64, bottom: f64, colour: Colour, opacity: f64) {
        self.backend.draw_rect(at(left, top), at(right, bottom), &stroke(colour, opacity, 0.0), true).ok();
    }

    /// A filled circle.
    pub(crate) fn dot(&mut self, x: f64, y: f64, radius: f64, colour: Colour, opacity: f64) {
        let radius = (radius * SCALE).round() as u32;
        self.backend.draw_circle(at(x, y), radius, &stroke(colour, opacity, 0.0), true).ok();
    }
}

fn stroke(colour: Colour, opacity: f64, width: f64) -> ShapeStyle {
    ShapeStyle { color: colour.mix(opacity), filled: true, stroke_width: (width * SCALE).round() as u32 }
}
