//! Rows of nodes that exchange with their neighbours.

/// One implicit step of `x' - x = ratio (left' - 2 x' + right')` with closed ends, on `rows` interleaved rows of nodes:
/// node `k` of a row stands `rows` values after node `k - 1`. `room` is kept between calls to avoid allocation.
///
/// Thomas's elimination; the sum of every row is kept.
pub fn diffuse(x: &mut [f64], rows: usize, ratio: f64, room: &mut Vec<f64>) {
    let length = x.len() / rows;
    if length < 2 || ratio <= 0.0 {
        return;
    }
    // The factors of the elimination are the same for every row.
    room.clear();
    let mut factor = ratio / (1.0 + ratio);
    room.push(factor);
    for node in 1..length {
        let links = if node + 1 < length { 2.0 } else { 1.0 };
        factor = ratio / (1.0 + links * ratio - ratio * factor);
        room.push(factor);
    }
    for row in 0..rows {
        let at = |node: usize| node * rows + row;
        x[at(0)] *= room[0] / ratio;
        for node in 1..length {
            x[at(node)] = (x[at(node)] + ratio * x[at(node - 1)]) * room[node] / ratio;
        }
        for node in (0..length - 1).rev() {
            x[at(node)] += room[node] * x[at(node + 1)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_nodes_meet_as_the_closed_form_says() {
        let mut x = [10.0, 20.0];
        diffuse(&mut x, 1, 0.5, &mut Vec::new());
        // The difference shrinks by 1 + 2 ratio.
        assert!((x[1] - x[0] - 5.0).abs() < 1e-12 && (x[0] + x[1] - 30.0).abs() < 1e-12);
    }

    #[test]
    fn rows_do_not_mix_and_keep_their_sums() {
        let mut x: Vec<f64> = (0..12).map(|i| if i % 2 == 0 { f64::from(i * i) } else { 7.0 }).collect();
        let before: f64 = x.iter().step_by(2).sum();
        diffuse(&mut x, 2, 3.0, &mut Vec::new());
        assert!((x.iter().step_by(2).sum::<f64>() - before).abs() < 1e-11);
        assert!(x.iter().skip(1).step_by(2).all(|v| (v - 7.0).abs() < 1e-12));
        let even: Vec<f64> = x.iter().step_by(2).copied().collect();
        assert!(even.windows(2).all(|w| w[1] > w[0]) && even[0] > 0.0 && even[5] < 100.0);
        // It solves the implicit equation.
        let old = |i: usize| (2 * i * 2 * i) as f64;
        for i in 1..5 {
            let residual = even[i] - old(i) - 3.0 * (even[i - 1] - 2.0 * even[i] + even[i + 1]);
            assert!(residual.abs() < 1e-10, "{residual}");
        }
    }
}
