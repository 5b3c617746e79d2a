//! A file goes through the page to an API that these tests play.

mod answers;
mod files;
mod limits;
mod stub;
