//! Data sets that nobody has to fetch: the same rows every time.

/// Categories of both encodings, beside numbers of both types; its classes are words.
pub const CHURN: &str = "registry: {model: churn-model, experiment: churn, run: churn-rf}
data: {file: churn.csv, target: churned}
features:
  - {name: age, type: integer, range: [18, 90]}
  - {name: colour, type: category, values: [red, green, blue]}
  - {name: usage, type: number, range: [0, 10]}
  - {name: plan, type: category, values: [basic, plus, pro], encoding: ordinal}
classes: [{value: 'no', label: stays}, {value: 'yes', label: leaves, positive: true}]
training: {n_estimators: 30, max_depth: 8, min_samples_split: 4, min_samples_leaf: 2, random_state: 1, test_size: 0.2, stratify: true}
";

/// Whole numbers alone: pandas makes one `int64` matrix of them.
pub const VISITS: &str = "registry: {model: visits-model, experiment: visits, run: visits-rf}
data: {file: visits.csv, target: bought}
features:
  - {name: visits, type: integer, range: [0, 30]}
  - {name: minutes, type: integer, range: [0, 90]}
classes: [{value: '01', label: nothing}, {value: '02', label: something}]
training: {n_estimators: 10, max_depth: 5, min_samples_split: 4, min_samples_leaf: 2, random_state: 1, test_size: 0.2, stratify: true}
";

/// The same numbers every time, from 0 to below `end`.
fn dice() -> impl FnMut(u32) -> u32 {
    let mut state = 1_u64;
    move |end| {
        // Knuth's MMIX; the high bits are the random ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % u64::from(end)) as u32
    }
}

pub fn diabetes() -> String {
    let mut roll = dice();
    let rows = (0..300).map(|_| {
        let (glucose, bmi, age) = (60 + roll(140), 180 + roll(300), 21 + roll(60));
        let ill = u32::from(glucose + bmi / 4 + age / 2 + roll(60) > 250);
        let (pregnancies, pressure, skin, insulin, pedigree) =
            (roll(15), roll(120), roll(60), roll(500), 80 + roll(2000));
        let (bmi, pedigree) = (f64::from(bmi) / 10.0, f64::from(pedigree) / 1000.0);
        format!("{pregnancies},{glucose},{pressure},{skin},{insulin},{bmi},{pedigree},{age},{ill}\n")
    });
    let header = "Pregnancies,Glucose,BloodPressure,SkinThickness,Insulin,BMI,DiabetesPedigreeFunction,Age,Outcome\n";
    header.to_owned() + &rows.collect::<String>()
}

pub fn churn() -> String {
    let mut roll = dice();
    let rows = (0..300).map(|_| {
        let (age, colour, usage, plan) = (18 + roll(70), roll(3), roll(1000), roll(3));
        let leaves = age + 30 * u32::from(colour == 0) + 20 * plan + roll(30) > 90;
        let (colour, plan) = (["red", "green", "blue"][colour as usize], ["basic", "plus", "pro"][plan as usize]);
        format!("{age},{colour},{},{plan},{}\n", f64::from(usage) / 100.0, if leaves { "yes" } else { "no" })
    });
    "age,colour,usage,plan,churned\n".to_owned() + &rows.collect::<String>()
}

pub fn visits() -> String {
    let mut roll = dice();
    let rows = (0..100).map(|_| {
        let (visits, minutes) = (roll(30), roll(90));
        format!("{visits},{minutes},{}\n", if visits * 3 + minutes + roll(20) > 90 { "02" } else { "01" })
    });
    "visits,minutes,bought\n".to_owned() + &rows.collect::<String>()
}
