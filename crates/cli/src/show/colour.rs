//! Colour, where it is wanted.

use clap::ValueEnum;

/// When to colour output.
#[derive(ValueEnum, Debug, Clone, Copy, Default)]
pub(crate) enum Colour {
    /// On a terminal, and not where NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Colour {
    /// Settles it for everything that is written from now on.
    pub(crate) fn settle(self) {
        let choice = match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}
