//! English.

use super::{Advice, Words};

/// English.
pub static WORDS: Words = Words {
    code: "en",
    language: "English",
    point: '.',
    gap: "",

    skip: "Skip to the content",
    models: "Models",
    choose: "Choose a model above.",
    no_models: "No model has been set up yet. Whoever runs this page can add one.",
    languages: "Languages",

    loaded: "connected, model loaded",
    version: "version",
    no_model: "connected, no model",
    unreachable: "unreachable",
    unknown: "connecting",

    predict: "Predict",
    inputs: "Inputs",
    live: "The result follows the sliders. What you only try is not kept; Predict makes it a prediction.",
    reset: "Start over",
    usually: "Usually",
    to: "to",
    slider: "slider",

    result: "Result",
    probability: "Probability",
    probability_of: "probability of",
    risk: "Risk",
    answered_in: "answered in",
    tried: "only tried",
    link: "Link to these inputs",
    copy: "Copy the link",
    copied: "Copied",
    outside: "outside of the usual range, so the result is less certain.",
    nothing_yet: "Set the inputs, then press Predict.",
    no_advice: "An estimate from past data: it supports a decision and does not replace one.",

    why: "What moved this result",
    why_how: "Compared with the average of past cases, each input moved the probability by so many points; together \
              they add up to the result.",
    why_many: "With more than two possible results, this is about the most probable one.",
    base: "From the average for",
    contribution: "Points",
    feature: "Input",
    raises: "raises it",
    lowers: "lowers it",
    unexplained: "This version of the model cannot be explained: it came without the past cases to compare with.",
    numbers: "Numbers",

    what_if: "What if?",
    what_if_how: "How the probability would change if this one input were different and all others stayed.",
    what_if_of: "Input",
    strongest: "the one that matters most",
    show: "Show",
    now: "now",

    history: "Predictions of this session",
    history_how: "They stay in this browser tab until you close it.",
    history_empty: "None yet.",
    history_script: "With JavaScript, the predictions of the session are listed here.",
    time: "Time",
    export: "Export as CSV",
    clear: "Clear",

    number_wanted: "Write a number.",
    whole_wanted: "Write a whole number.",
    choice_wanted: "Choose one of",
    too_large: "This number is too large.",
    refused: "The model does not accept this value.",

    batch: "Many at once",
    batch_how: "Predict every row of a CSV file. You get the same file back with the results added to it. These are \
                predictions like any other.",
    batch_columns: "Which columns the file needs",
    batch_columns_how: "The first line names the columns, in any order; other columns stay as they are.",
    batch_file: "CSV file",
    batch_drop: "or drop it here",
    batch_cancel: "Cancel",
    batch_progress: "Progress",
    batch_finished: "Finished.",
    batch_stopped: "Stopped. What was done so far can be downloaded.",
    batch_rows: "Rows",
    batch_row: "Row",
    batch_wrong: "Rows with a problem",
    batch_wrong_how: "They are in the file too, at their places, with the reason in the last column.",
    batch_download: "Download the results",
    batch_spread: "How the results are spread",
    batch_likeliest: "probability of the most probable result",
    batch_first: "First rows",
    batch_cells: "This row has more or fewer cells than there are columns",
    batch_blank: "There is nothing in it.",
    batch_missing: "Missing",
    batch_found: "In the file",

    trouble_batch_empty: Advice {
        what: "There is nothing in this file that can be predicted.",
        then: "It needs a first line with the names of the columns, and a line for each row.",
    },
    trouble_batch_missing: Advice {
        what: "The file lacks columns that the model needs.",
        then: "Add them, or correct their names in the first line, and send it again.",
    },
    trouble_batch_twice: Advice {
        what: "Some columns are in the file more than once.",
        then: "Keep one of each, and send it again.",
    },
    trouble_batch_large: Advice {
        what: "This file, or one of its rows, is too large.",
        then: "Send it in several parts. If it is small, look for a quotation mark that is not closed.",
    },
    trouble_unreachable: Advice {
        what: "The model cannot be reached at the moment.",
        then: "Your inputs are kept. Wait a little and try again; if it lasts, tell whoever runs this page.",
    },
    trouble_no_model: Advice {
        what: "The model is not ready yet.",
        then: "It is still being prepared. Try again in a few minutes.",
    },
    trouble_busy: Advice {
        what: "The model is very busy right now.",
        then: "Your inputs are kept, and it is asked again in a moment.",
    },
    trouble_key: Advice {
        what: "This page is not allowed to ask the model.",
        then: "You can do nothing about it here: tell whoever runs this page that its access key is refused.",
    },
    trouble_wrong: Advice { what: "Some inputs need a correction.", then: "Correct them and press Predict again." },
    trouble_unexpected: Advice {
        what: "The model gave an answer that this page does not understand.",
        then: "Try again; if it stays so, tell whoever runs this page.",
    },
    trouble_form: Advice {
        what: "This form is too old, or does not come from this page.",
        then: "Nothing was sent. Go back, reload the page, and try again.",
    },
    trouble_nothing_here: Advice {
        what: "There is no such page.",
        then: "Check the address, or start with the list of models.",
    },
    trouble_page: Advice {
        what: "This page has lost its connection.",
        then: "Check your network; it comes back by itself.",
    },
    again: "Try again",
    back: "To the models",
};
