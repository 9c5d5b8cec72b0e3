use super::decode::{DecodedFeature, Drawn, Owned, decode};
use super::{id, point, positions, tiles};
use crate::tile::{Cluster, Clustering, Clusters, Tile, TileError, TileId, Value};

const BY_STATUS: Clustering<'_> = Clustering {
    cell: 256,
    category: Some("status"),
    counted: &["occurred", "planned"],
};

/// A tile of points gathered, with what is left single as features.
fn clustered(
    id: TileId,
    clustering: Clustering<'_>,
    points: &[(f64, f64, Option<&str>)],
) -> Vec<DecodedFeature> {
    let mut clusters = Clusters::new(id, clustering).expect("cells that divide a tile");
    for (number, &(lon, lat, category)) in points.iter().enumerate() {
        clusters.add(number, lon, lat, category);
    }
    let mut tile = Tile::new(id, 0);
    let layer = tile.layer("events", usize::MAX).expect("the first layer");
    for cluster in clusters.finish() {
        match cluster {
            Cluster::Single(number) => {
                let (lon, lat, category) = points[number];
                let category = category.map(|value| ("status", Value::Text(value)));
                layer.add(number as u64, &point(lon, lat), category);
            }
            Cluster::Group(group) => layer.add_group(&group),
        }
    }
    decode(&tile.encode())
        .into_iter()
        .flat_map(|layer| layer.features)
        .collect()
}

fn count(feature: &DecodedFeature) -> u64 {
    match feature.attribute("count") {
        Some(Owned::Integer(count)) => count.cast_unsigned(),
        None => 1,
        other => panic!("no count: {other:?}"),
    }
}

#[test]
fn over_all_tiles_of_a_zoom_each_point_is_counted_once() {
    let points: Vec<_> = positions(5000)
        .into_iter()
        .map(|(lon, lat)| (lon, lat, None))
        .collect();
    let projected = points
        .iter()
        .filter(|(_, lat, _)| lat.abs() < 85.0512)
        .count();
    assert!(
        projected > 4000 && projected < points.len(),
        "some are near a pole"
    );
    for z in 0..=4 {
        for cell in [16, 256, 4096] {
            let clustering = Clustering { cell, ..BY_STATUS };
            let features: Vec<_> = tiles(z)
                .flat_map(|id| clustered(id, clustering, &points))
                .collect();
            let sum: u64 = features.iter().map(count).sum();
            assert_eq!(sum, projected as u64, "zoom {z}, cells of {cell}");
            assert!(
                features
                    .iter()
                    .all(|feature| within_the_tile(&feature.drawn))
            );
        }
    }
}

fn within_the_tile(drawn: &Drawn) -> bool {
    let inside = |n: i32| (0..4096).contains(&n);
    matches!(drawn, Drawn::Points(cells) if matches!(cells[..], [(x, y)] if inside(x) && inside(y)))
}

#[test]
fn points_of_a_cell_become_one_with_their_mean_count_and_category() {
    // Cells of zoom 0 are 22.5 degrees wide; the first three lie in the one south-east of the middle.
    let points = [
        (1.0, -1.0, Some("occurred")),
        (2.0, -1.0, Some("planned")),
        (6.0, -1.0, Some("planned")),
        (100.0, 10.0, Some("denied")),
        (-100.0, 10.0, None),
        (-100.1, 10.0, None),
        (-100.0, -10.0, Some("b")),
        (-100.0, -10.0, Some("a")),
        (-100.0, -10.0, None),
    ];
    let features = clustered(id(0, 0, 0), BY_STATUS, &points);
    let described: Vec<_> = features
        .iter()
        .map(|feature| {
            (
                feature.id,
                feature.drawn.clone(),
                feature.attributes.clone(),
            )
        })
        .collect();
    let text = |text: &str| Owned::Text(text.into());
    let group = |count, status: Option<&str>, occurred, planned| {
        let mut attributes = vec![("count".to_owned(), Owned::Integer(count))];
        attributes.extend(status.map(|value| ("status".to_owned(), text(value))));
        attributes.push(("occurred".into(), Owned::Integer(occurred)));
        attributes.push(("planned".into(), Owned::Integer(planned)));
        attributes
    };
    let at = |x, y| Drawn::Points(vec![(x, y)]);
    assert_eq!(
        described,
        [
            (None, at(909, 1933), group(2, None, 0, 0)),
            (
                Some(3),
                at(3185, 1933),
                vec![("status".into(), text("denied"))]
            ),
            (None, at(910, 2162), group(3, Some("a"), 0, 0)),
            (None, at(2082, 2059), group(3, Some("planned"), 1, 2)),
        ]
    );
}

#[test]
fn a_group_at_the_edge_of_the_world_stays_in_its_tile() {
    for count in 2..60 {
        let points = vec![(180.0, -85.051_128_779_806_59, None); count];
        let features = clustered(id(3, 7, 7), BY_STATUS, &points);
        assert_eq!(
            features[0].drawn,
            Drawn::Points(vec![(4095, 4095)]),
            "{count} points"
        );
    }
}

#[test]
fn points_of_the_buffer_are_left_to_their_own_tile() {
    let points = [
        (-0.001, 10.0, None),
        (0.001, 10.0, None),
        (0.002, 10.0, None),
    ];
    let west = clustered(id(1, 0, 0), BY_STATUS, &points);
    assert_eq!(west.iter().map(count).collect::<Vec<_>>(), [1]);
    let east = clustered(id(1, 0, 1), BY_STATUS, &points);
    assert_eq!(east.iter().map(count).collect::<Vec<_>>(), [2]);
}

#[test]
fn clusters_do_not_depend_on_the_order_of_points() {
    let names = ["occurred", "planned", "denied"];
    let mut points: Vec<_> = (0..)
        .zip(positions(3000))
        .map(|(n, (lon, lat))| (lon, lat, Some(names[n % 3])))
        .collect();
    let groups = |points: &[_]| -> Vec<_> {
        let features = clustered(id(1, 0, 1), BY_STATUS, points);
        let groups = features.into_iter().filter(|feature| feature.id.is_none());
        groups
            .map(|group| (group.drawn, group.attributes))
            .collect()
    };
    let forwards = groups(&points);
    points.reverse();
    assert_eq!(groups(&points), forwards);
    assert!(forwards.len() > 100);
}

#[test]
fn many_points_at_once_are_what_they_are_one_by_one() {
    let tile = id(1, 0, 1);
    let groups = |clusters: Clusters<'static, usize>| clusters.finish().collect::<Vec<_>>();
    let fresh = || Clusters::new(tile, BY_STATUS).expect("cells that divide a tile");
    let (mut single, mut at_once) = (fresh(), fresh());
    for (n, status) in ["planned", "occurred", "planned"].into_iter().enumerate() {
        single.add(n, 1.0 + n as f64, 2.0, Some(status));
    }
    let corners = [[1.0, 2.0], [3.0, 2.0]];
    let cell = at_once.cell_of_box(corners).expect("one cell");
    let statuses = [("planned", 2), ("occurred", 1)];
    at_once.add_many(cell, 0, 3, [6.0, 6.0], statuses);
    assert_eq!(groups(at_once), groups(single));
    for corners in [
        [[1.0, 2.0], [30.0, 2.0]],
        [[-1.0, 2.0], [1.0, 2.0]],
        [[1.0, -2.0], [1.0, -1.0]],
    ] {
        assert_eq!(fresh().cell_of_box(corners), None, "{corners:?}");
    }
}

#[test]
fn a_layer_takes_groups_up_to_its_limit() {
    let mut tile = Tile::new(id(0, 0, 0), 0);
    let mut clusters = Clusters::new(id(0, 0, 0), BY_STATUS).expect("cells that divide a tile");
    for (lon, lat) in positions(3000) {
        clusters.add((), lon, lat, None);
    }
    let layer = tile.layer("events", 10).expect("the first layer");
    let groups: Vec<_> = clusters
        .finish()
        .filter_map(|cluster| match cluster {
            Cluster::Group(group) => Some(group),
            Cluster::Single(()) => None,
        })
        .collect();
    assert!(groups.iter().all(|group| group.count() > 1));
    for group in &groups {
        layer.add_group(group);
    }
    assert_eq!(
        (layer.count(), layer.count() + layer.dropped()),
        (10, groups.len())
    );
}

#[test]
fn cells_divide_a_tile() {
    for cell in [0, 1, 8, 100, 8192, u32::MAX] {
        let clustering = Clustering { cell, ..BY_STATUS };
        let clusters = Clusters::<()>::new(id(0, 0, 0), clustering);
        assert_eq!(clusters.err(), Some(TileError::Cell(cell)));
    }
}
