//! The run that is most like all others.

/// The row whose answers lie nearest the medians over all rows: the least sum of squared distances, each in standard
/// deviations of its answer; of equals the first. `answers` holds a column per answer. What is not finite, and an answer
/// that is the same in all rows, counts for nothing. None without rows.
pub fn typical(answers: &[Vec<f64>]) -> Option<usize> {
    let rows = answers.iter().map(Vec::len).max()?;
    let mut distances = vec![0.0; rows];
    for column in answers {
        let mut known: Vec<f64> = column.iter().copied().filter(|value| value.is_finite()).collect();
        let count = known.len() as f64;
        let mean = known.iter().sum::<f64>() / count;
        let variance = known.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
        if !(variance > 0.0 && variance.is_finite()) {
            continue;
        }
        known.sort_by(f64::total_cmp);
        let median = (known[(known.len() - 1) / 2] + known[known.len() / 2]) / 2.0;
        for (distance, value) in distances.iter_mut().zip(column).filter(|(_, value)| value.is_finite()) {
            *distance += (value - median) * (value - median) / variance;
        }
    }
    (0..rows).min_by(|a, b| distances[*a].total_cmp(&distances[*b]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typical_row_is_nearest_the_medians() {
        let yes = vec![1.0, 0.0, 1.0, 1.0, 1.0];
        let people = vec![500.0, 300.0, 310.0, f64::INFINITY, 90_000.0];
        assert_eq!(typical(&[yes.clone(), people]), Some(3));
        assert_eq!(typical(&[yes, vec![500.0, 300.0, 310.0, 700.0, 90_000.0]]), Some(0));
        assert_eq!(typical(&[vec![2.0; 3]]), Some(0), "of equals the first");
        assert_eq!(typical(&[]), None);
    }
}
