//! A real browser under test: blocking, driven by keys, with bounded waiting.
//!
//! Speaks the WebDriver protocol (W3C, <https://www.w3.org/TR/webdriver2/>) with a ChromeDriver
//! that runs already. Used by tests and by the command that makes the manual's pictures; no
//! crate of the product depends on it.

mod accessibility;
mod appearance;
mod keyboard;
mod palette;
mod session;
mod wire;

pub use accessibility::Violation;
pub use session::Browser;

/// The variable that names the driver's address, such as `http://127.0.0.1:9515`.
pub const WEBDRIVER_VARIABLE: &str = "CHARTROOM_TEST_WEBDRIVER";

/// The variable that names the browser's program, where it isn't the driver's default.
pub const CHROMIUM_VARIABLE: &str = "CHARTROOM_TEST_CHROMIUM";
