//! Pictures of a model, as SVG: MLflow shows them beside its run.

use forest::{Calibration, Curve};
use model_file::ModelFile;
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

type Drawn = Result<String, String>;
type Area<'s> = DrawingArea<SVGBackend<'s>, plotters::coord::Shift>;

const SIZE: (u32, u32) = (640, 480);
/// Colours that stay apart for colour-blind readers (Okabe and Ito, 2008).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

/// ROC and calibration curves, and importances: file name and SVG of each.
///
/// # Errors
/// When a picture cannot be drawn, which is a mistake in this program.
pub fn plots(
    file: &ModelFile,
    curves: &[(usize, Curve, Vec<Calibration>)],
    importances: &[f64],
) -> Result<Vec<(&'static str, String)>, String> {
    let label = |class: usize| file.classes.value[class].label.clone();
    let roc: Vec<_> = curves.iter().map(|(class, roc, _)| (label(*class), roc.clone())).collect();
    let points = |bins: &[Calibration]| bins.iter().map(|bin| (bin.predicted, bin.observed)).collect();
    let calibration: Vec<_> = curves.iter().map(|(class, _, bins)| (label(*class), points(bins))).collect();
    Ok(vec![
        ("plots/roc_curve.svg", lines(["ROC curve", "false positive rate", "true positive rate"], &roc)?),
        (
            "plots/calibration_curve.svg",
            lines(["Calibration", "mean predicted probability", "share of the class"], &calibration)?,
        ),
        ("plots/feature_importances.svg", bars(file, importances)?),
    ])
}

fn draw(size: (u32, u32), paint: impl FnOnce(&Area<'_>) -> Result<(), String>) -> Drawn {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE).map_err(|error| error.to_string())?;
        paint(&area)?;
        area.present().map_err(|error| error.to_string())?;
    }
    Ok(svg)
}

/// Curves in the unit square, with the diagonal.
fn lines([title, x, y]: [&str; 3], curves: &[(String, Curve)]) -> Drawn {
    draw(SIZE, |area| {
        let text = |error: DrawingAreaErrorKind<_>| error.to_string();
        let mut chart = ChartBuilder::on(area)
            .caption(title, ("sans-serif", 20))
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(56)
            .build_cartesian_2d(0.0..1.0, 0.0..1.0)
            .map_err(text)?;
        chart.configure_mesh().x_desc(x).y_desc(y).light_line_style(WHITE).draw().map_err(text)?;
        chart.draw_series(LineSeries::new([(0.0, 0.0), (1.0, 1.0)], BLACK.mix(0.3))).map_err(text)?;
        for ((label, curve), colour) in curves.iter().zip(COLOURS.iter().cycle()) {
            let line = LineSeries::new(curve.iter().copied(), colour.stroke_width(2)).point_size(2);
            let drawn = chart.draw_series(line).map_err(text)?;
            drawn.label(label).legend(|(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
        }
        let mut legend = chart.configure_series_labels();
        legend.position(SeriesLabelPosition::LowerRight).background_style(WHITE.mix(0.8)).draw().map_err(text)
    })
}

/// The importance of each feature, the largest on top.
fn bars(file: &ModelFile, importances: &[f64]) -> Drawn {
    let names = file.features.value.iter().map(|feature| feature.name.value.as_str());
    let mut bars: Vec<(&str, f64)> = names.zip(importances.iter().copied()).collect();
    bars.sort_by(|a, b| b.1.total_cmp(&a.1));
    // More than these nobody reads.
    bars.truncate(20);
    let (step, rows) = (32, i32::try_from(bars.len()).unwrap_or_default());
    draw((SIZE.0, 72 + 32 * rows.unsigned_abs()), |area| {
        let text = |error: DrawingAreaErrorKind<_>| error.to_string();
        let area = area.margin(16, 0, 0, 0);
        let area = area.titled("Feature importances (mean decrease in impurity)", ("sans-serif", 20)).map_err(text)?;
        let largest = bars.first().map_or(1.0, |bar| bar.1).max(1e-9);
        for (place, (name, importance)) in (0..).zip(&bars) {
            let middle = 16 + place * step + step / 2;
            #[expect(clippy::cast_possible_truncation, reason = "pixels")]
            let end = 200 + (360.0 * importance / largest) as i32;
            let bar = [(200, middle - step / 3), (end, middle + step / 3)];
            area.draw(&Rectangle::new(bar, COLOURS[0].filled())).map_err(text)?;
            let style = |side| ("sans-serif", 13).into_text_style(&area).pos(Pos::new(side, VPos::Center));
            area.draw(&Text::new(*name, (192, middle), style(HPos::Right))).map_err(text)?;
            area.draw(&Text::new(format!("{importance:.3}"), (end + 6, middle), style(HPos::Left))).map_err(text)?;
        }
        Ok(())
    })
}
