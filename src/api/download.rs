//! Features as files: all that match, written while they are sent.

use std::io::{self, Write};

use axum::response::Response;

use super::caching::Entity;
use super::collection::Collection;
use super::crs::Crs;
use super::features::{Found, Selection, Source};
use super::negotiate::Format;
use super::problem::Problem;
use super::sending;
use crate::formats::{self, Column, ColumnType, GeometryType, WriteError, lines::Framing};
use crate::index::{Kind, Property};

/// Refuses what a format cannot have.
pub(super) fn check(format: Format, crs: Crs) -> Result<(), Problem> {
    if format == Format::Kml && crs != Crs::Crs84 {
        let detail =
            "KML is always in longitude and latitude: leave crs out, or ask for another format.";
        return Err(Problem::parameter("crs", detail));
    }
    Ok(())
}

/// What is known of a layer of features, on its own.
pub(super) struct Layer {
    collection: Collection,
    columns: Vec<Column>,
    crs: formats::Crs,
    count: usize,
}

impl Layer {
    pub(super) fn borrowed(&self) -> formats::Layer<'_> {
        formats::Layer {
            name: self.collection.id(),
            title: self.collection.title(),
            columns: &self.columns,
            geometry: match self.collection {
                Collection::Events | Collection::Incidents | Collection::Places => {
                    GeometryType::Point
                }
                Collection::Movements | Collection::Areas => GeometryType::Any,
                Collection::Articles => GeometryType::None,
            },
            crs: self.crs,
            count: self.count as u64,
            extent: None,
        }
    }
}

/// The layer of so many features.
pub(super) fn layer(source: &Source, count: usize) -> Layer {
    let properties = source.collection.properties().iter();
    let is_wanted = |property: &&Property| {
        source
            .properties
            .as_ref()
            .is_none_or(|wanted| wanted.contains(&property.name))
    };
    Layer {
        collection: source.collection,
        columns: properties.filter(is_wanted).map(column).collect(),
        crs: match source.crs {
            Crs::Crs84 => formats::Crs::Crs84,
            Crs::Epsg4326 => formats::Crs::Epsg4326,
            Crs::Epsg3857 => formats::Crs::Epsg3857,
        },
        count,
    }
}

fn column(property: &Property) -> Column {
    Column {
        name: property.name,
        kind: match property.kind {
            Kind::Text | Kind::Address | Kind::OneOf(_) => ColumnType::Text,
            Kind::Integer => ColumnType::Integer,
            Kind::Number => ColumnType::Number,
            Kind::Boolean => ColumnType::Boolean,
            Kind::Date => ColumnType::Date,
        },
        description: property.description,
    }
}

/// The geometry in longitude and latitude, for readers who know no other.
pub(super) fn in_degrees(source: &Source, found: &Found) -> Option<geo::Geometry<f64>> {
    source.geometry(found).map(|geometry| geometry.to_geo())
}

/// An answer that is written while it is sent.
pub(super) fn send(
    entity: &Entity,
    format: Format,
    source: Source,
    selection: Selection,
) -> Response {
    sending::stream(entity, move |output| {
        write(format, &source, &selection.found, output).map_err(|error| match error {
            WriteError::Output(error) => error,
            other => io::Error::other(other),
        })
    })
}

fn write(
    format: Format,
    source: &Source,
    found: &[Found],
    output: &mut dyn Write,
) -> Result<(), WriteError<Problem>> {
    let layer = layer(source, found.len());
    let layer = layer.borrowed();
    let features = found.iter().map(|found| source.feature(found));
    let lines = found.iter().map(|found| {
        let mut line = Vec::new();
        source.write(&mut line, found).map(|()| line)
    });
    match format {
        Format::Csv => formats::csv::write(&layer, features, output),
        Format::Kml => formats::kml::write(&layer, features, output),
        Format::FlatGeobuf => formats::flatgeobuf::write(&layer, features, output),
        Format::GeoPackage => {
            let mut file = formats::geopackage::file(&layer, features, None)?;
            io::copy(&mut file, output).map_err(WriteError::Output)
        }
        Format::GeoJsonSeq => formats::lines::write(Framing::RecordSeparator, lines, output),
        _ => formats::lines::write(Framing::Newline, lines, output),
    }
    .map(|_| ())
}
