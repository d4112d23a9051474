//! The bounds of reading and unpacking, as flags that several commands share, joined with `unlabel.toml`.

use super::config::Config;
use crate::parsers::Limits;
use crate::source::unpack;

/// Bounds.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitFlags {
    /// How deep objects and lists may be nested [default: 1000]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_depth: Option<usize>,
    /// How many bytes a single value may have [default: 67108864]
    #[arg(long, value_name = "BYTES", hide_short_help = true)]
    max_value_size: Option<usize>,
    /// How many bytes of memory the graph of an RDF document may take [default: 134217728]
    #[arg(long, value_name = "BYTES", hide_short_help = true)]
    max_graph_size: Option<usize>,
    /// How many findings an input may have; those of the highest levels are kept [default: 5000]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_findings: Option<usize>,
    /// How many bytes an input may have [default: any number]
    #[arg(long, value_name = "BYTES", hide_short_help = true)]
    max_input_size: Option<u64>,
    /// How many bytes an input may unpack to, all layers together [default: 2147483648]
    #[arg(long, value_name = "BYTES", hide_short_help = true)]
    max_unpacked_size: Option<u64>,
    /// How many times its size an input may unpack to, from 1 MiB on [default: 200]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_ratio: Option<u64>,
    /// How many entries an archive may have, or values a list or JSON lines [default: 100000]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_entries: Option<u64>,
    /// How deep archives may be packed in each other, up to 64 [default: 4]
    #[arg(long, value_name = "N", hide_short_help = true)]
    max_archive_depth: Option<u32>,
}

impl LimitFlags {
    /// The bounds of one document.
    pub fn reading(&self, config: &Config) -> Limits {
        let limits = Limits::default();
        Limits {
            depth: self.max_depth.or(config.max_depth).unwrap_or(limits.depth),
            value: self.max_value_size.or(config.max_value_size).unwrap_or(limits.value),
            graph: self.max_graph_size.or(config.max_graph_size).unwrap_or(limits.graph),
            findings: self.max_findings.or(config.max_findings).unwrap_or(limits.findings),
        }
    }

    /// The bounds of an input, which may be packed.
    pub fn unpacking(&self, config: &Config) -> unpack::Limits {
        let limits = unpack::Limits::default();
        unpack::Limits {
            unpacked: self.max_unpacked_size.or(config.max_unpacked_size).unwrap_or(limits.unpacked),
            ratio: self.max_ratio.or(config.max_ratio).unwrap_or(limits.ratio),
            entries: self.max_entries.or(config.max_entries).unwrap_or(limits.entries),
            depth: self.max_archive_depth.or(config.max_archive_depth).unwrap_or(limits.depth),
            input: self.max_input_size.or(config.max_input_size),
        }
    }
}
