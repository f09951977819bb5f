//! How the page is shown: size, light or dark, with or without a connection; pictures of it.

use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::Browser;
use crate::palette::with_palette;

/// Below this width a page is shown as a phone shows it.
const PHONE_WIDTH_MAX: u32 = 500;

impl Browser {
    /// Sets the size of the page, in CSS pixels.
    pub fn set_size(&self, width: u32, height: u32) -> Result<()> {
        let parameters = json!({
            "width": width,
            "height": height,
            "deviceScaleFactor": 1,
            "mobile": width <= PHONE_WIDTH_MAX,
        });
        self.development("Emulation.setDeviceMetricsOverride", &parameters)?;
        Ok(())
    }

    /// Whether the reader's system asks for dark pages.
    pub fn set_dark(&self, dark: bool) -> Result<()> {
        let value = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.development("Emulation.setEmulatedMedia", &json!({ "features": features }))?;
        Ok(())
    }

    /// Shows the page as it would be printed, or as on a screen again.
    pub fn set_print(&self, print: bool) -> Result<()> {
        let media = if print { "print" } else { "" };
        self.development("Emulation.setEmulatedMedia", &json!({ "media": media }))?;
        Ok(())
    }

    /// Breaks the page's connection, or mends it.
    pub fn set_offline(&self, offline: bool) -> Result<()> {
        let speed = if offline { 0 } else { -1 };
        let conditions = json!({
            "offline": offline,
            "latency": 0,
            "downloadThroughput": speed,
            "uploadThroughput": speed,
        });
        self.development("Network.enable", &json!({}))?;
        self.development("Network.emulateNetworkConditions", &conditions)?;
        Ok(())
    }

    /// Writes a PNG of what is in sight.
    pub fn screenshot(&self, file: &Path) -> Result<()> {
        self.capture(file, false)
    }

    /// Writes a small PNG of what is in sight, for a manual: a third of the size, 256 colours.
    pub fn screenshot_small(&self, file: &Path) -> Result<()> {
        self.capture(file, false)?;
        std::fs::write(file, with_palette(&std::fs::read(file)?)?)
            .with_context(|| format!("can't write {}", file.display()))
    }

    /// Writes a PNG of the page from top to bottom.
    pub fn screenshot_whole(&self, file: &Path) -> Result<()> {
        self.capture(file, true)
    }

    fn capture(&self, file: &Path, whole: bool) -> Result<()> {
        let mut parameters = json!({ "format": "png", "captureBeyondViewport": whole });
        if whole {
            let metrics = self.development("Page.getLayoutMetrics", &json!({}))?;
            parameters["clip"] = metrics["cssContentSize"].clone();
            parameters["clip"]["scale"] = json!(1);
        }
        let picture = self.development("Page.captureScreenshot", &parameters)?;
        let text = picture["data"].as_str().context("the browser gave no picture")?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, STANDARD.decode(text)?)
            .with_context(|| format!("can't write {}", file.display()))
    }
}
