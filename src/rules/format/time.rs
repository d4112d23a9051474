//! Days and instants, as TOML writes them.

use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

/// A calendar day without time or zone, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub jiff::civil::Date);

/// An instant with an offset, as TOML writes it: `2024-01-31T00:00:00-05:00`. Compared as an instant, shown in its own zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The instant.
    pub instant: jiff::Timestamp,
    /// The offset it was written with.
    pub offset: jiff::tz::Offset,
}

impl Moment {
    /// The instant in its own zone, as `2024-01-31T00:00:00-05:00`.
    pub fn local(&self) -> String {
        self.instant.display_with_offset(self.offset).to_string()
    }

    /// For people: `January 31, 2024, 12:00 AM EST`; the offset stands where there is no label.
    pub fn words(&self, zone: Option<&str>) -> String {
        let civil = self.offset.to_datetime(self.instant);
        let label = zone.map_or_else(|| format!("UTC{}", self.offset), str::to_owned);
        format!("{} {label}", civil.strftime("%B %-d, %Y, %-I:%M %p"))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let written = toml::value::Datetime::deserialize(from)?;
        written.to_string().parse().map(Day).map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let written = toml::value::Datetime::deserialize(from)?;
        let text = written.to_string();
        let instant = text.parse().map_err(serde::de::Error::custom)?;
        let offset = match written.offset {
            Some(toml::value::Offset::Custom { minutes }) => jiff::tz::Offset::from_seconds(i32::from(minutes) * 60),
            _ => Ok(jiff::tz::Offset::UTC),
        };
        offset.map(|offset| Self { instant, offset }).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"description": "TOML local date, YYYY-MM-DD", "type": ["string", "object"]})
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"description": "TOML offset date-time", "type": ["string", "object"]})
    }
}
