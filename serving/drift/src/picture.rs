//! A feature as pairs of bars, for whoever draws it: where they stand. What a bin is called is for the reader's language.

use crate::{Bin, Feature};

/// The bars of a feature, in a picture of [`Picture::WIDTH`] by [`Picture::HEIGHT`].
#[derive(Debug, Clone, PartialEq)]
pub struct Picture<'f> {
    /// The bins that have some, from left to right.
    pub bars: Vec<(&'f Bin, Bars)>,
    /// The share of all values that is as high as the picture.
    pub highest: f64,
    /// Where some of the bins begin: from the left, and the number; of words there are none.
    pub ticks: Vec<(f64, f64)>,
}

/// Those of a bin: what was learnt from, and beside it the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bars {
    /// Shares of all values of each, from 0 to 1.
    pub shares: [f64; 2],
    /// From the left.
    pub x: [f64; 2],
    /// From the top.
    pub y: [f64; 2],
    /// Downwards from there.
    pub height: [f64; 2],
    /// Of each.
    pub width: f64,
    /// Shares of the highest, from 0 to 1, for bars that lie.
    pub long: [f64; 2],
}

impl Picture<'_> {
    /// Inside of the picture, in its own units.
    pub const WIDTH: f64 = 640.0;
    /// The same.
    pub const HEIGHT: f64 = 150.0;
}

impl Feature {
    /// How it is drawn.
    pub fn picture(&self) -> Picture<'_> {
        // What nobody is in has no bar: most windows have nothing outside of the range that was learnt from.
        let outside = |bin: &&Bin| bin.from.is_none() || bin.to.is_none();
        let bins: Vec<&Bin> = self.bins.iter().filter(|bin| !outside(bin) || bin.reference + bin.window > 0).collect();
        let shares = |bin: &Bin| [share(bin.reference, self.reference), share(bin.window, self.window)];
        let highest = bins.iter().flat_map(|bin| shares(bin)).fold(0.0_f64, f64::max).max(1e-9);
        #[expect(clippy::cast_precision_loss, reason = "a few bins")]
        let room = Picture::WIDTH / bins.len().max(1) as f64;
        #[expect(clippy::cast_precision_loss, reason = "a few bins")]
        let left = |place: usize| place as f64 * room;
        let bars = bins.iter().enumerate().map(|(place, &bin)| {
            let shares = shares(bin);
            let long = shares.map(|share| share / highest);
            let height = long.map(|long| long * Picture::HEIGHT);
            // The two stand side by side, with a gap to the next pair.
            let x = [left(place) + room * 0.08, left(place) + room * 0.5];
            let y = height.map(|height| Picture::HEIGHT - height);
            (bin, Bars { shares, x, y, height, width: room * 0.42, long })
        });
        // Five or so.
        let begins = bins.iter().enumerate().filter_map(|(place, bin)| Some((left(place), bin.from?)));
        let ticks = begins.step_by(bins.len().div_ceil(5).max(1)).collect();
        Picture { bars: bars.collect(), highest, ticks }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn share(count: u64, all: u64) -> f64 {
    count as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Status};

    fn bin(from: Option<f64>, to: Option<f64>, reference: u64, window: u64) -> Bin {
        Bin { value: None, from, to, reference, window }
    }

    #[test]
    fn bars_stand_in_pairs_over_the_whole_picture() {
        let inner = [(0.0, 10, 0), (1.0, 30, 10), (2.0, 0, 40)];
        let inner = inner.map(|(from, reference, window)| bin(Some(from), Some(from + 1.0), reference, window));
        let (below, above) = (bin(None, Some(0.0), 0, 0), bin(Some(3.0), None, 0, 50));
        let bins = [below].into_iter().chain(inner).chain([above]).collect();
        let (name, kind, status) = ("f".to_owned(), Kind::Number, Status::NoDrift);
        let comparison = None;
        let feature =
            Feature { name, kind, status, reference: 40, window: 100, missing: 0, unseen: 0, comparison, bins };
        let picture = feature.picture();
        let bars: Vec<Bars> = picture.bars.iter().map(|(_, bars)| *bars).collect();
        // Below the range there is nobody, above it half of the window.
        assert_eq!(bars.len(), 4);
        assert_eq!(
            bars.iter().map(|bars| bars.shares).collect::<Vec<_>>(),
            [[0.25, 0.0], [0.75, 0.1], [0.0, 0.4], [0.0, 0.5]]
        );
        assert!((picture.highest - 0.75).abs() < 1e-12);
        assert_eq!((bars[1].y[0], bars[1].height[0], bars[1].long[0]), (0.0, 150.0, 1.0));
        for pair in bars.windows(2) {
            assert!(pair[0].x[0] + pair[0].width <= pair[0].x[1] + 1e-9 && pair[0].x[1] + pair[0].width < pair[1].x[0]);
        }
        let last = bars.last().expect("bars");
        assert!(last.x[1] + last.width < Picture::WIDTH);
        assert_eq!(picture.ticks, [(0.0, 0.0), (160.0, 1.0), (320.0, 2.0), (480.0, 3.0)]);
    }

    #[test]
    fn nothing_to_draw_is_no_mistake() {
        let (name, kind, status) = ("f".to_owned(), Kind::Category, Status::NotEnoughData);
        let (comparison, bins) = (None, vec![]);
        let feature = Feature { name, kind, status, reference: 0, window: 0, missing: 0, unseen: 0, comparison, bins };
        assert_eq!((feature.picture().bars.len(), feature.picture().ticks.len()), (0, 0));
    }
}
